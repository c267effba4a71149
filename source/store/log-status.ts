import {statSync} from 'node:fs';
import {hasTable} from './llm-schema.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

export type LogStatus = {
	readonly path: string;

	/**
	Ours, without the imported ones.
	*/
	readonly runs: number;
	readonly importedRuns: number;

	/**
	Those a person had, with our consortiums or, imported, with other programs; each speaker's transcript is not counted.
	*/
	readonly conversations: number;

	/**
	Of members, arbiters and runs, and those that belong to no run.
	*/
	readonly responses: number;

	/**
	Answers that can still be brought back.
	*/
	readonly deletedResponses: number;

	/**
	On the disk, with what waits beside the file to be merged into it.
	*/
	readonly sizeBytes: number;
};

/**
How much is in the log. This counts rows, so it takes longer the more there are.

@throws UserError when the log is damaged.
*/
export function logStatus(log: Log, path: string): LogStatus {
	return explained(path, () => {
		const number = (sql: string) =>
			log.prepare<[], number>(sql).pluck().get() ?? 0;
		// A file that is only looked at may still have the tables of an older version.
		const hasImports = hasTable(log, 'consortium_imported');
		const hasTrash = hasTable(log, 'consortium_deletions');

		return {
			path,
			runs: number('SELECT count(*) FROM consortium_runs'),
			importedRuns: hasImports
				? number('SELECT count(*) FROM consortium_found_runs')
				: 0,
			conversations: number(
				`SELECT count(*) FROM (
					SELECT DISTINCT conversation_id AS id FROM consortium_runs
					${hasImports ? importedConversations : ''}
				) ${hasTable(log, 'consortium_conversations') ? notHidden : ''}`,
			),
			responses: number('SELECT count(*) FROM responses'),
			deletedResponses: hasTrash
				? number('SELECT sum(responses) FROM consortium_deletions')
				: 0,
			sizeBytes: sizeOf(path) + sizeOf(`${path}-wal`),
		};
	});
}

/**
Whether something was deleted that can still be brought back.

@throws UserError when the log is damaged.
*/
export function hasDeleted(log: Log): boolean {
	return explained(
		log.name,
		() =>
			log.prepare('SELECT 1 FROM consortium_deletions LIMIT 1').get() !==
			undefined,
	);
}

const importedConversations = `
	UNION SELECT coalesce(conversation_id, id) FROM responses
	WHERE (consortium_id IS NULL OR consortium_id = id)
		AND EXISTS (
			SELECT 1 FROM consortium_imported WHERE response_id = responses.id
		)`;

const notHidden = `
	WHERE id NOT IN (
		SELECT id FROM consortium_conversations WHERE deleted_at IS NOT NULL
	)`;

function sizeOf(path: string): number {
	return statSync(path, {throwIfNoEntry: false})?.size ?? 0;
}
