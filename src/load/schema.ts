// The JSON Schemas of the four kinds of file, compiled on first use.
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import accessSchema from "../../schemas/access.schema.json" with { type: "json" };
import inventorySchema from "../../schemas/inventory.schema.json" with { type: "json" };
import rolesSchema from "../../schemas/roles.schema.json" with { type: "json" };
import settingsSchema from "../../schemas/settings.schema.json" with { type: "json" };

export type FileKind = "settings" | "inventory" | "roles" | "access";

const schemas = { settings: settingsSchema, inventory: inventorySchema, roles: rolesSchema, access: accessSchema } as const;

const compiled = new Map<FileKind, ValidateFunction>();

/** The validator of a kind of file. It finds every error, each with the schema around it. */
export function validatorFor(kind: FileKind): ValidateFunction {
  const known = compiled.get(kind);
  if (known !== undefined) return known;
  // Holding our own schemas against the schema of schemas would take longer than all the rest; a test does it.
  const ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true, allowUnionTypes: true, meta: false, validateSchema: false });
  const validate = ajv.compile(schemas[kind]);
  compiled.set(kind, validate);
  return validate;
}
