import { blockDocumentRoutes } from "./document-routes.ts";
import { blockSchemaRoutes } from "./schema-routes.ts";
import { blockTypeRoutes } from "./type-routes.ts";

/** Three resources that are shown inside each other, so they share their views. */
export const blockRoutes = [...blockTypeRoutes, ...blockSchemaRoutes, ...blockDocumentRoutes];
