import { z } from "zod";
import { changeArtifact, createArtifact, findArtifact, findLatest, removeArtifact } from "../../domain/artifacts.ts";
import { model } from "../../http/request/body.ts";
import { anyJson, text, uuid } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { artifactListRoutes } from "./lists.ts";
import { artifactView, presentArtifact, presentLatest } from "./view.ts";

const MOST_METADATA = 500;

const key = text({
  check: (value) =>
    /^[a-z0-9-]*$/.test(value) ? undefined : "Artifact key must only contain lowercase letters, numbers, and dashes.",
});

/** Longer values are cut, as on Prefect's own server. */
const metadata = z
  .record(
    z.string(),
    text().transform((value) => (value.length > MOST_METADATA ? `${value.slice(0, MOST_METADATA)}...` : value)),
  )
  .nullable();

export const artifactRoutes = [
  route({
    method: "POST",
    path: "/artifacts/",
    summary: "Create Artifact",
    body: model({
      key: key.nullable().default(null),
      type: text().nullable().default(null),
      description: text().nullable().default(null),
      data: anyJson().default(null),
      metadata_: metadata.default(null),
      flow_run_id: uuid().nullable().default(null),
      task_run_id: uuid().nullable().default(null),
    }),
    responses: { 201: artifactView },
    async handle({ body }, context) {
      return { status: 201, body: presentArtifact(await createArtifact(context, body)) };
    },
  }),
  ...artifactListRoutes,
  route({
    method: "GET",
    path: "/artifacts/{id:uuid}",
    summary: "Read Artifact",
    responses: { 200: artifactView },
    async handle({ params }, { store }) {
      return { status: 200, body: presentArtifact(await findArtifact(store.db, params.id)) };
    },
  }),
  route({
    method: "GET",
    path: "/artifacts/{key}/latest",
    summary: "Read Latest Artifact",
    responses: { 200: artifactView },
    async handle({ params }, { store }) {
      // With the id and the times of the collection, as on Prefect's own server.
      const { latest_id: _, ...artifact } = presentLatest(await findLatest(store.db, params.key));
      return { status: 200, body: artifact };
    },
  }),
  route({
    method: "PATCH",
    path: "/artifacts/{id:uuid}",
    summary: "Update Artifact",
    body: model({
      data: anyJson().optional(),
      description: text().nullable().optional(),
      metadata_: metadata.optional(),
    }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeArtifact(context, params.id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/artifacts/{id:uuid}",
    summary: "Delete Artifact",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeArtifact(context, params.id);
      return { status: 204 };
    },
  }),
];
