import {type Log} from '../log.js';
import {
	type ForeignResponse,
	type ForeignToolCall,
	type ForeignToolResult,
	type Link,
} from './foreign-response.js';
import {type ImportSummary} from './import-summary.js';
import {type SharedRows} from './shared-rows.js';

/**
What belongs to responses: attachments, fragments, schemas, tools with their calls and results.
*/
export type SatelliteWriter = {
	/**
	For a response that is new.
	*/
	readonly write: (response: ForeignResponse) => void;

	/**
	The same for one that has some of them.
	*/
	readonly complete: (response: ForeignResponse) => void;
};

/**
Write what belongs to responses. A link to a row that the foreign file does not have is left out.
*/
export function createSatelliteWriter(
	log: Log,
	shared: SharedRows,
	{came}: ImportSummary,
): SatelliteWriter {
	const attachmentLinks = linker<string>(
		log,
		'prompt_attachments',
		'attachment_id',
	);
	const promptLinks = linker<number>(log, 'prompt_fragments', 'fragment_id');
	const systemLinks = linker<number>(log, 'system_fragments', 'fragment_id');
	const linkTool = log.prepare(
		'INSERT OR IGNORE INTO tool_responses (tool_id, response_id) VALUES (?, ?)',
	);
	const linkResultAttachment = log.prepare(
		'INSERT OR IGNORE INTO tool_results_attachments (tool_result_id, attachment_id, "order") VALUES (?, ?, ?)',
	);
	const insertCall = log.prepare(
		`INSERT INTO tool_calls (response_id, tool_id, name, arguments, tool_call_id)
		VALUES (?, ?, ?, ?, ?)`,
	);
	const insertResult = log.prepare(
		`INSERT INTO tool_results (response_id, tool_id, name, output, tool_call_id, instance_id, exception)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
	);
	const callsOf = log.prepare<[string], Known>(
		'SELECT name, arguments AS text, tool_call_id AS toolCallId FROM tool_calls WHERE response_id = ?',
	);
	const resultsOf = log.prepare<[string], Known>(
		'SELECT name, output AS text, tool_call_id AS toolCallId FROM tool_results WHERE response_id = ?',
	);
	const orNull = <Id, Found>(id: Id | null, look: (id: Id) => Found | null) =>
		id === null ? null : look(id);

	const writeCalls = (id: string, calls: readonly ForeignToolCall[]) => {
		for (const call of calls) {
			insertCall.run(
				id,
				orNull(call.toolId, shared.tool),
				call.name,
				call.arguments,
				call.toolCallId,
			);
		}

		came.toolCalls += calls.length;
	};

	const writeResults = (id: string, results: readonly ForeignToolResult[]) => {
		for (const result of results) {
			const {lastInsertRowid} = insertResult.run(
				id,
				orNull(result.toolId, shared.tool),
				result.name,
				result.output,
				result.toolCallId,
				orNull(result.instanceId, shared.instance),
				result.exception,
			);

			for (const {to, order} of result.attachments) {
				if (shared.attachment(to) !== null) {
					linkResultAttachment.run(lastInsertRowid, to, order);
				}
			}
		}

		came.toolResults += results.length;
	};

	const link = (response: ForeignResponse) => {
		const {id, columns} = response;
		orNull(columns.schema_id, shared.schema);
		attachmentLinks(id, response.promptAttachments, shared.attachment);
		promptLinks(id, response.promptFragments, shared.fragment);
		systemLinks(id, response.systemFragments, shared.fragment);

		for (const tool of response.tools) {
			const toolId = shared.tool(tool);

			if (toolId !== null) {
				linkTool.run(toolId, id);
			}
		}
	};

	return {
		write(response) {
			const {id, calls, results} = response;
			link(response);
			writeCalls(id, calls);
			writeResults(id, results);
		},
		complete(response) {
			const {id, calls, results} = response;
			link(response);

			if (calls.length > 0) {
				writeCalls(
					id,
					without(calls, call => call.arguments, callsOf.all(id)),
				);
			}

			if (results.length > 0) {
				writeResults(
					id,
					without(results, result => result.output, resultsOf.all(id)),
				);
			}
		},
	};
}

function linker<Id extends string | number>(
	log: Log,
	table: string,
	column: string,
) {
	const statement = log.prepare(
		`INSERT OR IGNORE INTO ${table} (response_id, ${column}, "order") VALUES (?, ?, ?)`,
	);

	return (
		responseId: string,
		links: ReadonlyArray<Link<Id>>,
		look: (id: Id) => Id | null,
	) => {
		for (const {to, order} of links) {
			const target = look(to);

			if (target !== null) {
				statement.run(responseId, target, order);
			}
		}
	};
}

type Known = {
	readonly name: string | null;
	readonly text: string | null;
	readonly toolCallId: string | null;
};

/**
Those that are not among the known ones, each of which stands for one. A call is known by its id, where it has one.
*/
function without<Each extends Pick<Known, 'name' | 'toolCallId'>>(
	all: readonly Each[],
	textOf: (each: Each) => string | null,
	known: readonly Known[],
): Each[] {
	const keyOf = (
		each: Pick<Known, 'name' | 'toolCallId'>,
		text: string | null,
	) => JSON.stringify(each.toolCallId ?? [each.name, text]);
	const left = known.map(each => keyOf(each, each.text));

	return all.filter(each => {
		const at = left.indexOf(keyOf(each, textOf(each)));

		if (at !== -1) {
			left.splice(at, 1);
		}

		return at === -1;
	});
}
