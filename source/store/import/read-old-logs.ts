import {llmTime} from '../llm-form.js';
import {type Log} from '../log.js';
import {knownColumns, type ForeignResponse} from './foreign-response.js';
import {finder, type Table} from './probe.js';
import {sharedColumns} from './read-responses.js';
import {
	extraOf,
	madeId,
	momentOf,
	numberOf,
	textOf,
	type ForeignRow,
} from './values.js';

/**
Its numbers are kept beside.
*/
const known = new Set(
	[...knownColumns, 'timestamp', 'timestamp_utc'].filter(name => name !== 'id'),
);

/**
Read rows of the table `logs` of the first versions of llm, and of `log` before it. It numbered its rows: the id that they get here is made from what they say, so that it is the same whenever the file is imported. `chat_id` names the first row of a conversation.
*/
export function createOldLogReader(
	db: Log,
	table: Table,
): (row: ForeignRow) => ForeignResponse {
	const firstOf = finder(db, table, ['id']);

	return row => {
		const id = idOf(row);
		const chat = numberOf(row['chat_id']);
		const first = chat === null ? row : firstOf(chat)[0];
		const at = timeOf(row);

		return {
			id,
			generation: 1,
			columns: {
				...sharedColumns(id, row),
				datetime_utc:
					textOf(row['datetime_utc']) ?? (at === null ? null : llmTime(at)),
				prompt: textOf(row['prompt']) ?? '',
				system: textOf(row['system']),
				prompt_json: textOf(row['prompt_json']),
				response: textOf(row['response']) ?? '',
				conversation_id:
					first === undefined ? madeId(at ?? 0, 'chat', chat) : idOf(first),
			},
			extra: extraOf(row, known),
			promptAttachments: [],
			promptFragments: [],
			systemFragments: [],
			tools: [],
			calls: [],
			results: [],
		};
	};
}

function timeOf(row: ForeignRow): number | null {
	return (
		momentOf(row['datetime_utc']) ??
		momentOf(row['timestamp_utc']) ??
		momentOf(row['timestamp'])
	);
}

function idOf(row: ForeignRow): string {
	return madeId(
		timeOf(row) ?? 0,
		...['id', 'model', 'prompt', 'response'].map(name => textOf(row[name])),
	);
}
