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
	const name = table === 'responses' ? 'response' : 'run';
	const [first, second] = idsLike(
		log,
		typed,
		`SELECT id FROM ${table} WHERE id >= @first AND id < @end`,
	);

	if (first === undefined) {
		throw new UserError(
			`The log has no ${name} \`${typed}\`.`,
			`See \`consortium-tui ${table === 'responses' ? 'logs' : 'runs'} list\`.`,
		);
	}

	if (second !== undefined) {
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
	const isHidden = `EXISTS (
		SELECT 1 FROM consortium_conversations AS named
		WHERE named.id = runs.conversation_id AND deleted_at IS NOT NULL
	)`;
	const inSpan = 'conversation_id >= @first AND conversation_id < @end';
	const [first, second] = idsLike(
		log,
		typed,
		`SELECT DISTINCT conversation_id FROM consortium_runs AS runs
		WHERE ${inSpan} AND NOT ${isHidden}`,
	);

	if (first === undefined) {
		const deleted = idsLike(
			log,
			typed,
			`SELECT conversation_id FROM consortium_runs AS runs
			WHERE ${inSpan} AND ${isHidden}
			UNION SELECT conversation_id FROM consortium_trash WHERE ${inSpan}`,
		);

		throw deleted.length > 0
			? new UserError(
					`The conversation \`${typed}\` is deleted.`,
					'To bring it back: in the app, Ctrl+O, then u; or consortium-tui logs undo, which takes back the latest deletion.',
				)
			: new UserError(
					`The log has no conversation \`${typed}\`.`,
					'Ctrl+O in the app shows those there are.',
				);
	}

	if (second !== undefined) {
		throw new UserError(
			`More than one conversation begins with \`${typed}\`.`,
			'Give more of the id.',
		);
	}

	return first;
}

/**
The one run, found run, or response outside of any, whose id is, or begins with, what a person typed: what can be deleted by itself.

@throws UserError when there is none, or more than one; for an answer within a run it names the run.
*/
export function findWhole(log: Log, typed: string): string {
	const inSpan = 'id >= @first AND id < @end';
	const [first, second] = idsLike(
		log,
		typed,
		`SELECT id FROM consortium_runs WHERE ${inSpan}
		UNION SELECT id FROM consortium_found_runs WHERE ${inSpan}
		UNION SELECT id FROM responses
		WHERE ${inSpan} AND (consortium_id IS NULL OR consortium_id = id)`,
	);

	if (first !== undefined && second === undefined) {
		return first;
	}

	const [run, otherRun] =
		first === undefined
			? idsLike(
					log,
					typed,
					`SELECT DISTINCT consortium_id FROM responses WHERE ${inSpan}`,
				)
			: [];

	if (run !== undefined && otherRun === undefined) {
		throw new UserError(
			`The answer \`${typed}\` belongs to the run ${run}, which can only be deleted whole.`,
			`consortium-tui logs delete ${run}`,
		);
	}

	throw first === undefined && run === undefined
		? new UserError(
				`The log has no run or response \`${typed}\`.`,
				'See `consortium-tui logs list`.',
			)
		: new UserError(
				`More than one run or response begins with \`${typed}\`.`,
				'Give more of the id.',
			);
}

/**
The one conversation, with a consortium or with llm, whose id is, or begins with, what a person typed; also one that is hidden. What a member of a run was told is none.

@throws UserError when there is none, or more than one.
*/
export function findAnyConversation(log: Log, typed: string): string {
	const inSpan = 'conversation_id >= @first AND conversation_id < @end';
	const [first, second] = idsLike(
		log,
		typed,
		`SELECT conversation_id FROM consortium_runs WHERE ${inSpan}
		UNION SELECT conversation_id FROM responses
		WHERE ${inSpan} AND (consortium_id IS NULL OR consortium_id = id)`,
	);

	if (second !== undefined) {
		throw new UserError(
			`More than one conversation begins with \`${typed}\`.`,
			'Give more of the id.',
		);
	}

	if (first !== undefined) {
		return first;
	}

	const [run] = idsLike(
		log,
		typed,
		`SELECT DISTINCT consortium_id FROM responses WHERE ${inSpan}`,
	);

	throw run === undefined
		? new UserError(
				`The log has no conversation \`${typed}\`.`,
				'See `consortium-tui logs list`.',
			)
		: new UserError(
				`\`${typed}\` is what one speaker of the run ${run} was told and said, not a conversation by itself.`,
				`consortium-tui logs delete ${run}`,
			);
}

/**
At most two of the ids that a query finds from `@first` on and before `@end`: the one that was typed, as it was typed since ids of others need not be in small letters, or those that begin like it.
*/
function idsLike(log: Log, typed: string, query: string): string[] {
	const exact = typed.trim();

	return explained(log.name, () => {
		const select = log
			.prepare<{first: string; end: string}, string>(
				`${query} ORDER BY 1 LIMIT 2`,
			)
			.pluck();
		const beginningWith = (first: string) => {
			const found =
				first === '' ? [] : select.all({first, end: `${first}\u{10FFFF}`});

			return found[0] === first ? [first] : found;
		};

		const found = beginningWith(exact);
		return found.length > 0 ? found : beginningWith(exact.toLowerCase());
	});
}
