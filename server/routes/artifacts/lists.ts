import { z } from "zod";
import { pageMembers, readPage } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { flag, oneOf, text, uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import {
  countArtifacts,
  countLatestArtifacts,
  listArtifacts,
  listLatestArtifacts,
} from "../../store/queries/artifacts.ts";
import { anyOf, relatedFilters } from "../filters.ts";
import { artifactCollectionView, artifactView, presentArtifact, presentLatest } from "./view.ts";

const criteria = {
  operator: oneOf("and_", "or_").default("and_"),
  key: z
    .strictObject({
      any_: z.array(text()).nullable().optional(),
      like_: text().nullable().optional(),
      exists_: flag().nullable().optional(),
    })
    .nullable()
    .optional(),
  flow_run_id: anyOf(uuid()),
  task_run_id: anyOf(uuid()),
  type: z
    .strictObject({ any_: z.array(text()).nullable().optional(), not_any_: z.array(text()).nullable().optional() })
    .nullable()
    .optional(),
};

const artifactFilter = z.strictObject({ ...criteria, id: anyOf(uuid()) }).meta({ id: "ArtifactFilter" });
const collectionFilter = z
  .strictObject({ ...criteria, latest_id: anyOf(uuid()) })
  .meta({ id: "ArtifactCollectionFilter" });

const { flow_runs, task_runs, flows, deployments } = relatedFilters;
const related = { flow_runs, task_runs, flows, deployments };
const sort = oneOf("CREATED_DESC", "UPDATED_DESC", "ID_DESC", "KEY_DESC", "KEY_ASC").default("ID_DESC");
const all = { artifacts: artifactFilter.optional(), ...related };
const latest = { artifacts: collectionFilter.optional(), ...related };

export const artifactListRoutes = [
  route({
    method: "POST",
    path: "/artifacts/filter",
    summary: "Read Artifacts",
    body: members({ ...all, sort, ...pageMembers }),
    responses: { 200: z.array(artifactView) },
    async handle({ body }, { store, config }) {
      const rows = await listArtifacts(store.db, body, body.sort, readPage(body, config));
      return { status: 200, body: rows.map(presentArtifact) };
    },
  }),
  route({
    method: "POST",
    path: "/artifacts/latest/filter",
    summary: "Read Latest Artifacts",
    body: members({ ...latest, sort, ...pageMembers }),
    responses: { 200: z.array(artifactCollectionView) },
    async handle({ body }, { store, config }) {
      const rows = await listLatestArtifacts(store.db, body, body.sort, readPage(body, config));
      return { status: 200, body: rows.map(presentLatest) };
    },
  }),
  route({
    method: "POST",
    path: "/artifacts/count",
    summary: "Count Artifacts",
    body: members(all),
    responses: { 200: view.integer },
    async handle({ body }, { store }) {
      return { status: 200, body: await countArtifacts(store.db, body) };
    },
  }),
  route({
    method: "POST",
    path: "/artifacts/latest/count",
    summary: "Count Latest Artifacts",
    body: members(latest),
    responses: { 200: view.integer },
    async handle({ body }, { store }) {
      return { status: 200, body: await countLatestArtifacts(store.db, body) };
    },
  }),
];
