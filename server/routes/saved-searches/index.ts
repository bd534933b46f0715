import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { pageMembers, readPage } from "../../http/pagination.ts";
import { members, model } from "../../http/request/body.ts";
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

const searchView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    filters: view.json,
  })
  .meta({ id: "SavedSearch" });

function present(row: SavedSearchRow): z.input<typeof searchView> {
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

/** Searches that Prefect's web pages remember. */
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
      return { status: saved.id === id ? 201 : 200, body: present(saved) };
    },
  }),
  route({
    method: "POST",
    path: "/saved_searches/filter",
    summary: "Read Saved Searches",
    body: members(pageMembers),
    responses: { 200: z.array(searchView) },
    async handle({ body }, { store, config }) {
      return { status: 200, body: (await listSavedSearches(store.db, readPage(body, config))).map(present) };
    },
  }),
  route({
    method: "GET",
    path: "/saved_searches/{id:uuid}",
    summary: "Read Saved Search",
    responses: { 200: searchView },
    async handle({ params }, { store }) {
      const row = await savedSearchById(store.db, params.id);
      if (row === undefined) throw notFound();
      return { status: 200, body: present(row) };
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
