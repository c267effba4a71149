import {UserError} from '../core/user-error.js';
import {findRenamedRun} from './found-runs.js';
import {type Log} from './log.js';
import {isShown} from './response-filter.js';
import {isFinal, startedAt} from './responses.js';
import {explained} from './store-error.js';

/**
The run, ours or found, whose id is, or begins with, what a person typed; or the id by which the Python plug-in knew it, or the one it had before its answer was found.

@throws UserError when there is none, or more than one, or when the log is damaged.
*/
export function findListedRun(log: Log, typed: string): string {
	return (
		findRenamedRun(log, typed.trim()) ??
		only(
			log,
			typed,
			'run',
			`SELECT id FROM consortium_runs WHERE id >= @from AND id < @to
		UNION SELECT id FROM consortium_found_runs WHERE id >= @from AND id < @to
		UNION SELECT id FROM consortium_found_runs WHERE recorded_id = @from
		ORDER BY 1 LIMIT 2`,
		)
	);
}

/**
The conversation, ours or llm's, whose id is, or begins with, what a person typed.

@throws UserError when there is none, or more than one, or when the log is damaged.
*/
export function findListedConversation(log: Log, typed: string): string {
	return only(
		log,
		typed,
		'conversation',
		`SELECT conversation_id FROM consortium_runs
			WHERE conversation_id >= @from AND conversation_id < @to
		UNION SELECT conversation_id FROM responses
			WHERE conversation_id >= @from AND conversation_id < @to
		ORDER BY 1 LIMIT 2`,
	);
}

function only(
	log: Log,
	typed: string,
	what: 'run' | 'conversation',
	sql: string,
): string {
	const whole = typed.trim();
	const prefix = whole.toLowerCase();
	const [first, second] = explained(log.name, () => {
		const between = log
			.prepare<{from: string; to: string}, string>(sql)
			.pluck();
		const exact = between.all({from: whole, to: `${whole}\0`});
		return whole === '' || exact.length > 0
			? exact
			: between.all({from: prefix, to: `${prefix}\u{10FFFF}`});
	});

	if (first === undefined || whole === '') {
		throw new UserError(
			`The log has no ${what} \`${typed}\`.`,
			what === 'run'
				? 'See `consortium-tui runs list`.'
				: '`consortium-tui logs --json` tells of each answer in which conversation it is.',
		);
	}

	if (second !== undefined) {
		throw new UserError(
			`More than one ${what} begins with \`${typed}\`.`,
			'Give more of the id.',
		);
	}

	return first;
}

type Latest = {readonly id: string; readonly at: number | null};

/**
The conversation, ours or llm's, in which something last happened; null when there is none.

@throws UserError when the log is damaged.
*/
export function latestConversation(log: Log): string | null {
	return explained(log.name, () => {
		const ours = log
			.prepare<[], Latest>(
				`SELECT conversation_id AS id, active_at AS at
				FROM consortium_runs AS runs
				WHERE NOT EXISTS (
					SELECT 1 FROM consortium_conversations AS named
					WHERE named.id = runs.conversation_id AND deleted_at IS NOT NULL
				)
				ORDER BY active_at DESC, id DESC LIMIT 1`,
			)
			.get();

		// Ids begin with a time. Where the newest answer is one of ours, none of llm's is newer than that.
		const newest = log
			.prepare<[], Latest & {readonly isOurs: number}>(
				`SELECT CAST(conversation_id AS TEXT) AS id,
					${startedAt} + coalesce(duration_ms, 0) AS at,
					EXISTS (
						SELECT 1 FROM consortium_runs AS runs WHERE runs.id = responses.id
					) AS isOurs
				FROM responses
				WHERE ${isFinal} AND ${isShown} AND conversation_id IS NOT NULL
				ORDER BY responses.id DESC LIMIT 1`,
			)
			.get();

		if (!newest || newest.isOurs === 1) {
			return ours?.id ?? null;
		}

		return ours && (ours.at ?? 0) > (newest.at ?? 0) ? ours.id : newest.id;
	});
}
