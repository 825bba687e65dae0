// What ALTER ROLE … SET has left on a role, for the report and the checksum.
import { tellingSettings, type RoleSetting } from "../model/role-setting.ts";
import { observedRole, type RoleContext } from "./role-context.ts";

/** Those that decide whose rights or objects the role's sessions use. */
export function settingWarnings(context: RoleContext): readonly string[] {
  return settingsOf(context).flatMap(({ name, database, value }) => {
    const danger = tellingSettings.get(name);
    return danger === undefined ? [] : [`${name} is set to ${JSON.stringify(value)} for this role${where(database)}: ${danger}`];
  });
}

export function settingEffects(context: RoleContext): readonly string[] {
  const others = settingsOf(context).filter(({ name }) => !tellingSettings.has(name));
  return others.length === 0
    ? []
    : [`settings on this role: ${others.map(({ name, database }) => `${name}${where(database)}`).join(", ")}`];
}

/** A setting is the role's own state; its value, where it tells whose rights and objects are used. */
export function settingEntries(context: RoleContext): readonly string[] {
  return settingsOf(context).map(
    ({ name, database, value }) =>
      `setting ${JSON.stringify(name)}${where(database)}${value === null ? "" : ` is ${JSON.stringify(value)}`}`,
  );
}

function settingsOf(context: RoleContext): readonly RoleSetting[] {
  return observedRole(context)?.settings ?? [];
}

function where(database: string | null): string {
  return database === null ? "" : ` in database ${JSON.stringify(database)}`;
}
