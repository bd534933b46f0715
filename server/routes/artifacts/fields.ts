import { z } from "zod";
import { flag, oneOf, text, uuid } from "../../http/request/request-types.ts";
import { anyOf, relatedFilters } from "../filters.ts";

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

export const artifactFilters = { artifacts: artifactFilter.optional(), ...related };
export const latestArtifactFilters = { artifacts: collectionFilter.optional(), ...related };

export const artifactOptions = {
  sort: oneOf("CREATED_DESC", "UPDATED_DESC", "ID_DESC", "KEY_DESC", "KEY_ASC").default("ID_DESC"),
};
