import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { model } from "../../http/request/body.ts";
import { anyJson, text } from "../../http/request/request-types.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import {
  deleteSavedSearch,
  listSavedSearches,
  savedSearchById,
  saveSearch,
} from "../../store/queries/saved-searches.ts";
import type { SavedSearchRow } from "../../store/tables/saved-searches.ts";
import { toJson } from "../../values/json.ts";
import { listRoutes } from "../list-routes.ts";

const searchView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    filters: view.json,
  })
  .meta({ id: "SavedSearch" });

function presentSearch(row: SavedSearchRow): z.input<typeof searchView> {
  return { ...row, filters: new JsonText(row.filters) };
}

const filter = z.object({
  object: text(),
  property: text(),
  type: text(),
  operation: text(),
  value: anyJson(),
});

const notFound = () => new ApiError("not_found", "Saved search not found");

/** Searches that Prefect's web pages save. */
export const savedSearchRoutes = [
  route({
    method: "PUT",
    path: "/saved_searches/",
    summary: "Create Saved Search",
    body: model({ name: text(), filters: z.array(filter).default([]) }),
    responses: { 200: searchView, 201: searchView },
    async handle({ body }, { store, clock, ids }) {
      const now = clock.now();
      const id = ids.uuid4();
      const row = { id, created: now, updated: now, name: body.name, filters: toJson(body.filters) };
      const saved = await store.write((tx) => saveSearch(tx, row));
      return { status: saved.id === id ? 201 : 200, body: presentSearch(saved) };
    },
  }),
  ...listRoutes({
    path: "/saved_searches",
    title: "Saved Searches",
    filters: {},
    options: {},
    list: (db, _, __, page) => listSavedSearches(db, page),
    view: searchView,
    present: (rows) => rows.map(presentSearch),
  }),
  route({
    method: "GET",
    path: "/saved_searches/{id:uuid}",
    summary: "Read Saved Search",
    responses: { 200: searchView },
    async handle({ params }, { store }) {
      const row = await savedSearchById(store.db, params.id);
      if (row === undefined) throw notFound();
      return { status: 200, body: presentSearch(row) };
    },
  }),
  route({
    method: "DELETE",
    path: "/saved_searches/{id:uuid}",
    summary: "Delete Saved Search",
    responses: { 204: null },
    async handle({ params }, { store }) {
      if (!(await store.write((tx) => deleteSavedSearch(tx, params.id)))) throw notFound();
      return { status: 204 };
    },
  }),
];
