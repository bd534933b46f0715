import { createWorkPoolRoute } from "./create.ts";
import { deleteWorkPoolRoute } from "./delete.ts";
import { countWorkPoolsRoute, filterWorkPoolsRoute } from "./filter.ts";
import { readWorkPoolRoute } from "./read.ts";
import { updateWorkPoolRoute } from "./update.ts";

export const workPoolRoutes = [
  createWorkPoolRoute,
  readWorkPoolRoute,
  filterWorkPoolsRoute,
  countWorkPoolsRoute,
  updateWorkPoolRoute,
  deleteWorkPoolRoute,
];
