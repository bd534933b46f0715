import { z } from "zod";
import { oneOf, text, uuid } from "../../http/request/request-types.ts";
import { anyOf, criteria, listOf, operator, optionalFlag, relatedFilters } from "../filters.ts";

const MAX_METADATA_CHARACTERS = 500;

export const artifactKey = text({
  check: (value) =>
    /^[a-z0-9-]*$/.test(value) ? undefined : "Artifact key must only contain lowercase letters, numbers, and dashes.",
});

/** Longer values are truncated, as in upstream. */
export const metadata = z
  .record(
    z.string(),
    text().transform((value) =>
      value.length > MAX_METADATA_CHARACTERS ? `${value.slice(0, MAX_METADATA_CHARACTERS)}...` : value,
    ),
  )
  .nullable();

const shared = {
  operator,
  key: criteria({
    any_: listOf(text()),
    like_: text().nullable().optional(),
    exists_: optionalFlag,
  }),
  flow_run_id: anyOf(uuid()),
  task_run_id: anyOf(uuid()),
  type: criteria({ any_: listOf(text()), not_any_: listOf(text()) }),
};

const artifactFilter = z.strictObject({ ...shared, id: anyOf(uuid()) }).meta({ id: "ArtifactFilter" });
const collectionFilter = z
  .strictObject({ ...shared, latest_id: anyOf(uuid()) })
  .meta({ id: "ArtifactCollectionFilter" });

const { flow_runs, task_runs, flows, deployments } = relatedFilters;
const related = { flow_runs, task_runs, flows, deployments };

export const artifactFilters = { artifacts: artifactFilter.optional(), ...related };
export const latestArtifactFilters = { artifacts: collectionFilter.optional(), ...related };

export const artifactOptions = {
  sort: oneOf("CREATED_DESC", "UPDATED_DESC", "ID_DESC", "KEY_DESC", "KEY_ASC").default("ID_DESC"),
};
