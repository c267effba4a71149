import {llmTime} from '../llm-form.js';
import {type Log} from '../log.js';
import {
	knownColumns,
	type ForeignResponse,
	type ForeignToolResult,
	type Link,
} from './foreign-response.js';
import {type LinkIndex} from './link-index.js';
import {finder, type Tables} from './probe.js';
import {
	countOf,
	extraOf,
	momentOfId,
	numberOf,
	textOf,
	type ForeignRow,
} from './values.js';

/**
Those columns that both generations have and call the same.
*/
export function sharedColumns(id: string, row: ForeignRow) {
	const made = momentOfId(id);

	return {
		model: textOf(row['model']) ?? '',
		options_json: textOf(row['options_json']),
		response_json: textOf(row['response_json']),
		duration_ms: countOf(row['duration_ms']),
		datetime_utc:
			textOf(row['datetime_utc']) ?? (made === null ? null : llmTime(made)),
		input_tokens: countOf(row['input_tokens']),
		output_tokens: countOf(row['output_tokens']),
		token_details: textOf(row['token_details']),
		schema_id: textOf(row['schema_id']),
		resolved_model: textOf(row['resolved_model']),
	};
}

/**
The links that rows make to what `toOf` reads from them.
*/
export function linksOf<Id>(
	rows: readonly ForeignRow[],
	toOf: (row: ForeignRow) => Id | null,
): ReadonlyArray<Link<Id>> {
	return rows.flatMap((row, index) => {
		const to = toOf(row);
		return to === null ? [] : [{to, order: countOf(row['order']) ?? index}];
	});
}

/**
Read rows of `responses`, as llm wrote them up to 0.31 and the plug-in copies them, with what belongs to them.
*/
export function createResponseReader(
	db: Log,
	tables: Tables,
	links: LinkIndex,
): (id: string, row: ForeignRow) => ForeignResponse {
	const attachmentsOf = finder(
		db,
		tables.get('tool_results_attachments'),
		['tool_result_id'],
		'order',
	);
	const fragmentLinks = (
		id: string,
		table: 'prompt_fragments' | 'system_fragments',
	) => linksOf(links.rowsOf(table, id), row => numberOf(row['fragment_id']));
	const attachmentLinks = (rows: readonly ForeignRow[]) =>
		linksOf(rows, row => textOf(row['attachment_id']));

	const resultOf = (row: ForeignRow): ForeignToolResult => ({
		toolId: numberOf(row['tool_id']),
		name: textOf(row['name']),
		output: textOf(row['output']),
		toolCallId: textOf(row['tool_call_id']),
		instanceId: numberOf(row['instance_id']),
		exception: textOf(row['exception']),
		attachments: attachmentLinks(attachmentsOf(row['id'])),
	});

	return (id, row) => ({
		id,
		generation: 1,
		columns: {
			...sharedColumns(id, row),
			prompt: textOf(row['prompt']) ?? '',
			system: textOf(row['system']),
			prompt_json: textOf(row['prompt_json']),
			response: textOf(row['response']) ?? '',
			conversation_id: textOf(row['conversation_id']),
		},
		extra: extraOf(row, knownColumns),
		promptAttachments: attachmentLinks(links.rowsOf('prompt_attachments', id)),
		promptFragments: fragmentLinks(id, 'prompt_fragments'),
		systemFragments: fragmentLinks(id, 'system_fragments'),
		tools: links
			.rowsOf('tool_responses', id)
			.map(tool => numberOf(tool['tool_id']))
			.filter(tool => tool !== null),
		calls: links.rowsOf('tool_calls', id).map(call => ({
			toolId: numberOf(call['tool_id']),
			name: textOf(call['name']),
			arguments: textOf(call['arguments']),
			toolCallId: textOf(call['tool_call_id']),
		})),
		results: links.rowsOf('tool_results', id).map(each => resultOf(each)),
	});
}
