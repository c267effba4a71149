import path from 'node:path';
import {UserError} from '../../core/user-error.js';
import {readRole, findRoles, roleFilesIn} from '../../prompts.js';
import {findingsOf, type Finding} from './finding.js';

/**
The roles of the person, in the folder of their prompts.
*/
export function roles(prompts: string): Finding[] {
	const shipped = findRoles(null);

	try {
		return roleFilesIn(prompts).flatMap(file => {
			const name = path.basename(file, '.md');

			return checked(`prompts/roles/${name}.md`, () => {
				readRole(file);
				return shipped.has(name)
					? 'replaces the built-in role'
					: `can be given out: --role '${name}'`;
			});
		});
	} catch (error) {
		return checked('prompts/roles', () => {
			throw error;
		});
	}
}

/**
What is said of it, or why it cannot be used.
*/
function checked(name: string, look: () => string): Finding[] {
	try {
		return findingsOf('files', [[name, look()]]);
	} catch (error) {
		if (error instanceof UserError) {
			return findingsOf('files', [[name, error.message, error.hint]]);
		}

		throw error;
	}
}
