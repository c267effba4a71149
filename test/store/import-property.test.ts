import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import fc from 'fast-check';
import {openLog} from '../../source/store/database.js';
import {idAt} from '../../source/store/id-at.js';
import {generations, makeForeignLog} from '../helpers/foreign-logs.js';
import {dump, importFile} from '../helpers/imports-of-logs.js';

const rowId = fc.constantFrom(
	'01hzzzzzzz0000000000000001',
	'01hzzzzzzz0000000000000002',
	'01hzzzzzzz0000000000000003',
	'x',
);
const text = fc.string({maxLength: 20});
const perhaps = <Value>(value: fc.Arbitrary<Value>) => fc.option(value);
const hash = fc.constantFrom('a', 'b', 'c', 'd');
const number = fc.integer({min: 1, max: 3});
const place = fc.integer({min: 0, max: 2});
const rows = <Row>(row: Record<string, fc.Arbitrary<Row>>) =>
	fc.array(fc.record(row), {maxLength: 5});

const content = fc.record({
	logs: rows<string | number | null>({
		id: number,
		prompt: text,
		response: text,
		chat_id: perhaps(number),
	}),
	conversations: rows({id: hash, name: text}),
	responses: rows<string | number | null>({
		id: perhaps(rowId),
		model: perhaps(text),
		prompt: perhaps(text),
		response: perhaps(text),
		conversation_id: perhaps(hash),
		duration_ms: perhaps(number),
		consortium_id: perhaps(rowId),
		is_arbiter_response: fc.integer({min: 0, max: 2}),
		human_vote: perhaps(number),
	}),
	attachments: rows({id: hash, url: text}),
	prompt_attachments: rows<string | number>({
		response_id: rowId,
		attachment_id: hash,
		order: place,
	}),
	fragments: rows<string | number>({id: number, hash, content: text}),
	prompt_fragments: rows<string | number>({
		response_id: rowId,
		fragment_id: number,
		order: place,
	}),
	tools: rows<string | number>({id: number, hash, name: text}),
	tool_calls: rows<string | number | null>({
		response_id: rowId,
		tool_id: number,
		name: text,
		arguments: text,
		tool_call_id: perhaps(hash),
	}),
	tool_results: rows<string | number | null>({
		response_id: rowId,
		tool_id: number,
		output: text,
		tool_call_id: perhaps(hash),
		instance_id: perhaps(number),
	}),
	tool_instances: rows<string | number>({id: number, name: text}),
	turns: rows<string | null>({
		id: rowId,
		thread_id: perhaps(hash),
		parent_message_hash: perhaps(hash),
		tip_message_hash: perhaps(hash),
		model: text,
	}),
	messages: rows<string | null>({
		hash,
		parent_hash: perhaps(hash),
		role: fc.constantFrom('user', 'assistant', 'system', 'tool'),
	}),
	parts: rows<string | number | null>({
		message_hash: hash,
		position: place,
		type: fc.constantFrom('text', 'reasoning', 'tool_call', 'tool_result'),
		text: perhaps(text),
		payload: perhaps(fc.json()),
	}),
	consortium_runs: rows<string>({id: hash, user_prompt: text}),
	consortium_members: rows<string | number>({
		run_id: hash,
		response_id: rowId,
		role: fc.constantFrom('m', 'arbiter'),
		iteration: number,
		member_index: place,
	}),
});

function withFolder(work: (folder: string) => void): void {
	const folder = mkdtempSync(path.join(tmpdir(), 'import-'));

	try {
		work(folder);
	} finally {
		rmSync(folder, {recursive: true});
	}
}

test('importing twice is importing once, whatever is in the file', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...generations),
			content,
			(generation, made) => {
				withFolder(folder => {
					const file = path.join(folder, 'foreign.db');
					makeForeignLog(file, generation, made);
					const log = openLog(path.join(folder, 'log.db'));

					try {
						importFile(log, file);
						const once = dump(log);
						importFile(log, file);
						assert.deepEqual(dump(log), once);
					} finally {
						log.close();
					}
				});
			},
		),
		{numRuns: 40},
	);
});

const half = (columns: readonly string[]) =>
	fc.subarray([...columns]).map(kept => new Set(kept));
const wholeRow: Readonly<Record<string, string | number>> = {
	model: 'model-a',
	prompt: 'question',
	system: 'brief',
	response: 'answer',
	prompt_json: '{"a": 1}',
	duration_ms: 7,
	datetime_utc: '2024-06-01T10:00:00',
	input_tokens: 3,
	resolved_model: 'model-a-1',
	human_note: 'note',
};

test('of two copies of an answer each gives what the other lacks, in either order', () => {
	const names = Object.keys(wholeRow);
	fc.assert(
		fc.property(half(names), half(names), (one, other) => {
			withFolder(folder => {
				const file = (name: string) => path.join(folder, name);
				const copies = [one, other].entries();

				for (const [index, kept] of copies) {
					makeForeignLog(file(`${index}.db`), 'user columns', {
						responses: [
							{
								id: 'r',
								...Object.fromEntries(
									Object.entries(wholeRow).filter(([name]) => kept.has(name)),
								),
							},
						],
					});
				}

				const dumps = [
					['0.db', '1.db'],
					['1.db', '0.db'],
				].map(([first, second]) => {
					const log = openLog(file(`log-${first}`));

					try {
						const before = importFile(log, file(first!));
						const after = importFile(log, file(second!));
						assert.deepEqual([before.leftOut, after.leftOut], [{}, {}]);
						return dump(log);
					} finally {
						log.close();
					}
				});
				assert.deepEqual(dumps[0], dumps[1]);
			});
		}),
		{numRuns: 15},
	);
});

const uuids = ['run-a', 'run-b', 'run-c'] as const;
const secondsOf = fc.integer({min: 0, max: 200});

/**
Runs as the plug-in keeps them in its own file, and their answers as llm keeps them in another one.
*/
const twoFiles = fc.record({
	runs: fc.array(
		fc.record({
			uuid: fc.constantFrom(...uuids),
			at: secondsOf,
			prompt: fc.option(text, {nil: undefined}),
			calls: fc.integer({min: 0, max: 3}),
		}),
		{maxLength: 3},
	),
	outputs: fc.array(
		fc.record({
			uuid: fc.constantFrom(...uuids, 'nobody'),
			at: secondsOf,
			isDamaged: fc.boolean(),
			took: fc.option(number),
		}),
		{maxLength: 5},
	),
});

const isoAt = (seconds: number) =>
	new Date(1.72e12 + seconds * 1000).toISOString().slice(0, -1);
const idOf = (seconds: number, index: number) =>
	`${idAt(1.72e12 + seconds * 1000)}000000000000000${index}`;

test('whichever of the two files of a run comes first, and whether both come at once, the log is the same', () => {
	const sure = {uuid: 'sure', at: 100};
	fc.assert(
		fc.property(twoFiles, made => {
			const runs = [...made.runs, {...sure, calls: 1, prompt: undefined}];
			const outputs = [
				...made.outputs,
				{...sure, isDamaged: false, took: null},
			];
			withFolder(folder => {
				const file = (name: string) => path.join(folder, name);
				const calls = runs.flatMap(({uuid, at, calls}, index) =>
					Array.from({length: calls}, (_, call) => ({
						uuid,
						isArbiter: call === 0,
						id: idOf(at + call, index),
					})),
				);
				makeForeignLog(file('plugin.db'), 'plug-in 0.8', {
					consortium_runs: runs.map(({uuid, at, prompt}) => ({
						id: uuid,
						created_at: isoAt(at),
						...(prompt !== undefined && {user_prompt: prompt}),
					})),
					consortium_members: calls.map(({uuid, id, isArbiter}) => ({
						run_id: uuid,
						response_id: id,
						role: isArbiter ? 'arbiter' : 'm',
						iteration: 1,
						member_index: 0,
					})),
					responses: calls.map(({id}) => ({id, model: 'm', response: id})),
				});
				makeForeignLog(file('llm.db'), '0.31', {
					responses: outputs.map(({uuid, at, isDamaged, took}, index) => ({
						id: idOf(at, index).replace('00', '77'),
						model: 'my-consortium',
						prompt: 'question',
						duration_ms: took,
						response_json: `${JSON.stringify({
							metadata: {consortium_id: uuid},
						})}${isDamaged ? '}' : ''}`,
					})),
				});
				const dumps = [
					['plugin.db', 'llm.db'],
					['llm.db', 'plugin.db'],
					['plugin.db', 'llm.db', 'plugin.db', 'llm.db'],
				].map(order => {
					const log = openLog(file(`log-${order.join('-')}`));

					try {
						for (const name of order) {
							importFile(log, file(name));
						}

						return dump(log);
					} finally {
						log.close();
					}
				});
				assert.deepEqual(dumps[1], dumps[0]);
				assert.deepEqual(dumps[2], dumps[0]);
				const found = dumps[0]!['runs']!.map(String);
				assert.ok(
					found.some(
						row =>
							row.includes('"recorded_id":"sure"') &&
							!row.includes('"output_id":null'),
					),
				);
			});
		}),
		{numRuns: 10},
	);
});
