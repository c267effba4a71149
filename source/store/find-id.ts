import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';

/**
The one id of a table that is, or begins with, what a person typed.

@throws UserError when there is none, or more than one.
*/
export function findId(
	log: Log,
	table: 'consortium_runs' | 'responses',
	typed: string,
): string {
	const prefix = typed.trim().toLowerCase();
	const name = table === 'responses' ? 'response' : 'run';
	const [first, second] = log
		.prepare<[string, string], string>(
			`SELECT id FROM ${table} WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`,
		)
		.pluck()
		.all(prefix, `${prefix}\u{10FFFF}`);

	if (prefix === '' || first === undefined) {
		throw new UserError(
			`The log has no ${name} \`${typed}\`.`,
			`See \`consortium-tui ${table === 'responses' ? 'logs' : 'runs'} list\`.`,
		);
	}

	if (second !== undefined && first !== prefix) {
		throw new UserError(
			`More than one ${name} begins with \`${typed}\`.`,
			'Give more of the id.',
		);
	}

	return first;
}

export function findConversation(log: Log, typed: string): string {
	const id = log
		.prepare<[string], string>(
			"SELECT conversation_id FROM consortium_runs WHERE conversation_id LIKE ? || '%'",
		)
		.pluck()
		.get(typed);
	if (!id) throw new UserError(`The log has no conversation \`${typed}\`.`);
	return id;
}
