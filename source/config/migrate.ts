import {UserError} from '../core/user-error.js';

type Stored = Readonly<Record<string, unknown>>;
type Migration = (stored: Stored) => Stored;

/**
What each version changed: the first leads from version 1 to 2. Only ever added to.
*/
const migrations: readonly Migration[] = [];

export const configVersion = migrations.length + 1;

/**
A stored configuration brought to the version of the last of `steps`. One without a version counts as the first.

@throws UserError when it was made by a newer version.
*/
export function migrate(
	stored: Stored,
	steps: readonly Migration[] = migrations,
): Stored {
	const from = stored['version'] ?? 1;

	// Left for the schema to complain about.
	if (typeof from !== 'number' || !Number.isSafeInteger(from) || from < 1) {
		return stored;
	}

	if (from > steps.length + 1) {
		throw new UserError(
			'The configuration was made by a newer version of consortium-tui.',
			'Update with `npm install --global consortium-tui@latest`.',
		);
	}

	const migrated = steps
		.slice(from - 1)
		.reduce((current, step) => step(current), stored);
	return {...migrated, version: steps.length + 1};
}
