import { deleteFlowRunRoute, readFlowRunRoute } from "./by-id.ts";
import { createFlowRunRoute } from "./create.ts";
import { graphRoutes } from "./graph.ts";
import { historyRoutes } from "./history.ts";
import { inputRoutes } from "./inputs.ts";
import { flowRunListRoutes } from "./list.ts";
import { resumeFlowRunRoute } from "./resume.ts";
import { bulkSetFlowRunStateRoute, setFlowRunStateRoute } from "./set-state.ts";
import { labelFlowRunRoute, updateFlowRunRoute } from "./update.ts";

export const flowRunRoutes = [
  createFlowRunRoute,
  readFlowRunRoute,
  updateFlowRunRoute,
  labelFlowRunRoute,
  deleteFlowRunRoute,
  setFlowRunStateRoute,
  bulkSetFlowRunStateRoute,
  ...flowRunListRoutes,
  ...historyRoutes,
  resumeFlowRunRoute,
  ...inputRoutes,
  ...graphRoutes,
];
