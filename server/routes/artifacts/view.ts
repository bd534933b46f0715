import { z } from "zod";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import type { LatestArtifact } from "../../store/queries/artifacts.ts";
import type { ArtifactRow } from "../../store/tables/artifacts.ts";

const fields = {
  id: view.uuid,
  created: view.timestamp,
  updated: view.timestamp,
  key: view.text.nullable(),
  type: view.text.nullable(),
  description: view.text.nullable(),
  data: view.json,
  metadata_: view.document.nullable(),
  flow_run_id: view.uuid.nullable(),
  task_run_id: view.uuid.nullable(),
};

export const artifactView = z.strictObject(fields).meta({ id: "Artifact" });

export const artifactCollectionView = z
  .strictObject({ ...fields, key: view.text, latest_id: view.uuid })
  .meta({ id: "ArtifactCollection" });

export function presentArtifact(row: ArtifactRow): z.input<typeof artifactView> {
  return { ...row, data: json(row.data), metadata_: json(row.metadata_) };
}

export function presentLatest(row: LatestArtifact): z.input<typeof artifactCollectionView> {
  const { collection_id, collection_created, collection_updated, ...artifact } = row;
  return {
    ...presentArtifact(artifact),
    id: collection_id,
    created: collection_created,
    updated: collection_updated,
    key: artifact.key as string,
    latest_id: artifact.id,
  };
}

function json(text: string | null): JsonText | null {
  return text === null ? null : new JsonText(text);
}
