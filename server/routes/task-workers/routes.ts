import { z } from "zod";
import { members } from "../../http/request/body.ts";
import { text } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

const taskWorkerView = z
  .strictObject({ identifier: view.text, task_keys: z.array(view.text), timestamp: view.timestamp })
  .meta({ id: "TaskWorkerResponse" });

export const taskWorkerRoutes = [
  route({
    method: "POST",
    path: "/task_workers/filter",
    summary: "Read Task Workers",
    body: members({ task_worker_filter: z.object({ task_keys: z.array(text()) }).optional() }),
    responses: { 200: z.array(taskWorkerView) },
    handle({ body }, { taskQueue, clock }) {
      return { status: 200, body: taskQueue.workers(body.task_worker_filter?.task_keys ?? [], clock.now()) };
    },
  }),
];
