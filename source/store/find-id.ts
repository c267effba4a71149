import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

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

/**
The one conversation whose id is, or begins with, what a person typed. Those that are deleted are found only to say so.

@throws UserError when there is none, or more than one.
*/
export function findConversation(log: Log, typed: string): string {
	const prefix = typed.trim().toLowerCase();
	const found = (isDeleted: boolean) =>
		explained(log.name, () =>
			log
				.prepare<[string, string], string>(
					`SELECT DISTINCT conversation_id FROM consortium_runs AS runs
					WHERE conversation_id >= ? AND conversation_id < ?
						AND ${isDeleted ? '' : 'NOT'} EXISTS (
							SELECT 1 FROM consortium_conversations AS named
							WHERE named.id = runs.conversation_id
								AND deleted_at IS NOT NULL
						)
					ORDER BY conversation_id LIMIT 2`,
				)
				.pluck()
				.all(prefix, `${prefix}\u{10FFFF}`),
		);
	const [first, second] = found(false);

	if (prefix === '' || first === undefined) {
		throw prefix !== '' && found(true).length > 0
			? new UserError(
					`The conversation \`${typed}\` is deleted.`,
					'To bring it back: in the app, Ctrl+O, then u.',
				)
			: new UserError(
					`The log has no conversation \`${typed}\`.`,
					'Ctrl+O in the app shows those there are.',
				);
	}

	if (second !== undefined && first !== prefix) {
		throw new UserError(
			`More than one conversation begins with \`${typed}\`.`,
			'Give more of the id.',
		);
	}

	return first;
}
