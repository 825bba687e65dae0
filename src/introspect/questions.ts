// Which names the plan needs, decided from counts alone: none where all is as wanted, and none where ON ALL … says it.
import type { BulkKind } from "../model/object-ref.ts";
import type { BulkException } from "../model/observed.ts";
import type { Holding, Totals } from "./holdings.ts";
import type { NeedRow } from "./roll-up.ts";
import { toleratesSequences, type Want } from "./want.ts";

/** Asks for the names behind one roll-up. `want` is an index into the wants; role and schema are OIDs. */
export type ExceptionQuestion = {
  readonly want: number;
  readonly role: number | null;
  readonly schema: number;
  readonly kind: BulkKind;
  readonly privilege: string;
  readonly which: BulkException["which"];
  /** ON ALL … would hit objects that it must not, so that many names are asked for. */
  readonly many: boolean;
};

/** Asks for the entries of one privilege that no roll-up can stand for. */
export type EntryQuestion = {
  readonly want: number;
  readonly role: number;
  readonly schema: number;
  readonly kind: BulkKind;
  readonly privilege: string;
  /** What is wanted may come from any grantor; `null`: depends on which sequences the role needs. */
  readonly wanted: boolean | null;
  /** System schemas have no roll-ups: every entry comes by name. */
  readonly every: boolean;
};

export type Counts = {
  readonly wants: readonly Want[];
  readonly holdings: readonly Holding[];
  readonly needs: readonly NeedRow[];
  readonly total: Totals;
  /** Whether a role owns some of the objects, partitions included. */
  readonly owns: (role: number, schema: number, kind: BulkKind) => boolean;
  readonly isSystem: (schema: number) => boolean;
  /** Whether some target has granted something onwards on objects of a kind in a schema. */
  readonly isGrantedOnwards: (schema: number, kind: BulkKind) => boolean;
  /** Whether the role of a holding has granted its privilege onwards on a single column in its schema. */
  readonly isUsedOnColumn: (holding: Holding) => boolean;
};

export function exceptionQuestions({
  wants,
  holdings,
  needs,
  total,
  owns,
  isSystem,
  isGrantedOnwards,
  isUsedOnColumn,
}: Counts): readonly ExceptionQuestion[] {
  const needOf = new Map(needs.map((need) => [needKey(need), need]));
  const ofHoldings = holdings
    .filter(({ want, schema }) => !isSystem(schema) && wants[want]?.isOnlyCounted !== true)
    .flatMap((holding): readonly ExceptionQuestion[] => {
      const { want, role, schema, kind, privilege } = holding;
      // REVOKE ON ALL … would take its own privileges from an owner, and fail as a whole where one of them is granted onwards,
      // be it on a column alone.
      const isOwner = owns(role, schema, kind);
      const isNamed = isOwner || (holding.grantable > 0 && isGrantedOnwards(schema, kind)) || isUsedOnColumn(holding);
      const which =
        kind === "sequences"
          ? sequenceException(holding, wants[want], needOf.get(needKey(holding)))
          : objectException(holding, total, isNamed);
      const many = isOwner || kind === "sequences" || (isNamed && which === "extra");
      return which === null ? [] : [{ want, role, schema, kind, privilege, which, many }];
    });
  const missingSequences = needs
    .filter((need) => need.missing > 0 && need.missing < total(need.schema, "sequences"))
    .map(({ want, schema }): ExceptionQuestion => {
      return { want, role: wants[want]?.oid ?? null, schema, kind: "sequences", privilege: "USAGE", which: "missing", many: true };
    });
  return [...ofHoldings, ...missingSequences];
}

/** Tables and routines: all, none and "on all, unwanted" need no names, unless they have to be named one by one. */
function objectException(holding: Holding, total: Totals, isNamed: boolean): BulkException["which"] | null {
  const all = total(holding.schema, holding.kind);
  if (holding.isWanted) return holding.held > 0 && holding.held < all ? "missing" : null;
  const isOnAll = all > 0 && holding.heldByOwner === all && !isNamed;
  return holding.heldByOwner + holding.heldPartitionsByOwner > 0 && !isOnAll ? "extra" : null;
}

/** Sequences are wanted one by one, so that what is too much always comes by name. */
function sequenceException(holding: Holding, want: Want | undefined, need: NeedRow | undefined): "extra" | null {
  if (want === undefined) return null;
  if (holding.privilege !== "USAGE") return holding.heldByOwner > 0 ? "extra" : null;
  if (toleratesSequences(want, holding.schema)) return null;
  return holding.heldByOwner > (need?.heldByOwner ?? 0) ? "extra" : null;
}

export function entryQuestions({ wants, holdings, isSystem }: Counts): readonly EntryQuestion[] {
  return holdings.flatMap((holding): readonly EntryQuestion[] => {
    const { want, role, schema, kind, privilege } = holding;
    const every = isSystem(schema);
    const wanted = kind === "sequences" ? wantsSequence(holding, wants[want]) : holding.isWanted;
    const isForeign = holding.grantable > 0 || (holding.byOthers > 0 && wanted !== true);
    const isAsked = every || (isForeign && wants[want]?.isOnlyCounted !== true);
    return isAsked ? [{ want, role, schema, kind, privilege, wanted, every }] : [];
  });
}

function wantsSequence(holding: Holding, want: Want | undefined): boolean | null {
  if (want === undefined || !want.inserts || holding.privilege !== "USAGE") return false;
  return toleratesSequences(want, holding.schema) ? true : null;
}

function needKey({ want, schema }: { readonly want: number; readonly schema: number }): string {
  return `${want} ${schema}`;
}
