/** Sorts that several lists offer: column and direction. */
export const SORTS = {
  CREATED_DESC: ["created", "desc"],
  UPDATED_DESC: ["updated", "desc"],
  NAME_ASC: ["name", "asc"],
  NAME_DESC: ["name", "desc"],
} as const;

export type Sort = keyof typeof SORTS;
