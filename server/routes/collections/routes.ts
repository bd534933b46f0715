import { workerMetadata } from "../../../schema/template/workers/worker-metadata.ts";
import { ApiError } from "../../domain/api-error.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

/** Made once: the document is large, and never changes. */
let workers: JsonText | undefined;

const VIEWS: Record<string, () => JsonText> = {
  "aggregate-worker-metadata": () => {
    workers ??= new JsonText(JSON.stringify(workerMetadata()));
    return workers;
  },
  // Upstream reads these from the registry of its collections. Here they are empty.
  "aggregate-block-metadata": () => new JsonText("{}"),
  "aggregate-flow-metadata": () => new JsonText("{}"),
  "demo-flows": () => new JsonText("{}"),
};

/** What `prefect work-pool create` reads to find a worker type's default template. */
export const collectionRoutes = [
  route({
    method: "GET",
    path: "/collections/views/{view}",
    summary: "Read View Content",
    responses: { 200: view.document },
    handle({ params }) {
      const read = Object.hasOwn(VIEWS, params.view) ? VIEWS[params.view] : undefined;
      if (read === undefined) throw new ApiError("not_found", `View ${params.view} not found in registry`);
      return { status: 200, body: read() };
    },
  }),
];
