import { changeArtifact, createArtifact, findArtifact, findLatest, removeArtifact } from "../../domain/artifacts.ts";
import { model } from "../../http/request/body.ts";
import { anyJson, text, uuid } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import {
  countArtifacts,
  countLatestArtifacts,
  listArtifacts,
  listLatestArtifacts,
} from "../../store/queries/artifacts.ts";
import { listRoutes } from "../list-routes.ts";
import { artifactFilters, artifactKey, artifactOptions, latestArtifactFilters, metadata } from "./fields.ts";
import { artifactCollectionView, artifactView, presentArtifact, presentLatest } from "./view.ts";

export const artifactRoutes = [
  route({
    method: "POST",
    path: "/artifacts/",
    summary: "Create Artifact",
    body: model({
      key: artifactKey.nullable().default(null),
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
  ...listRoutes({
    path: "/artifacts",
    title: "Artifacts",
    filters: artifactFilters,
    options: artifactOptions,
    list: (db, filters, { sort }, page) => listArtifacts(db, filters, sort, page),
    count: countArtifacts,
    view: artifactView,
    present: (rows) => rows.map(presentArtifact),
  }),
  ...listRoutes({
    path: "/artifacts/latest",
    title: "Latest Artifacts",
    filters: latestArtifactFilters,
    options: artifactOptions,
    list: (db, filters, { sort }, page) => listLatestArtifacts(db, filters, sort, page),
    count: countLatestArtifacts,
    view: artifactCollectionView,
    present: (rows) => rows.map(presentLatest),
  }),
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
      // With the id and the times of the collection, as in upstream.
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
