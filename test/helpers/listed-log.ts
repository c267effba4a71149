import {idAt} from '../../source/store/id-at.js';
import {type Log} from '../../source/store/log.js';
import {runOf} from './events.js';
import {keep} from './logs.js';

/**
An id as llm makes them, of a time in UTC.
*/
export function idOf(time: string): string {
	return idAt(Date.parse(time)).padEnd(26, '0');
}

/**
Put a row into `responses`, as llm or an import does.
*/
export function addResponse(
	log: Log,
	row: Readonly<Record<string, string | number | Uint8Array | null>>,
): void {
	const names = Object.keys(row);
	log
		.prepare(
			`INSERT INTO responses (${names.join(', ')})
			VALUES (${names.map(name => `@${name}`).join(', ')})`,
		)
		.run(row);
}

export const ids = {
	wal: idOf('2024-05-01T10:00:00.123Z'),
	code: idOf('2024-05-02T12:00:00Z'),
	output: idOf('2025-01-10T12:00:00Z'),
	foundMember: idOf('2025-01-10T12:00:01Z'),
	foundArbiter: idOf('2025-01-10T12:00:02Z'),
} as const;

/**
Fill a log with two runs of ours, `01ya` and `01yb`, two answers of llm's and a run of the plug-in's that was found.
*/
export function fillListedLog(log: Log): void {
	keep(log, [
		...runOf('01ya', {prompt: 'What is the first?'}),
		...runOf('01yb', {prompt: 'What is the second?'}),
	]);
	log.exec(`
		UPDATE consortium_runs SET confidence = 0.4, status = 'unconverged',
			consortium = 'trio' WHERE id = '01yb';
	`);
	addResponse(log, {
		id: ids.wal,
		model: 'gpt-4o',
		prompt: 'How does the sqlite wal work?',
		response: 'Writers append.',
		conversation_id: 'talk',
		datetime_utc: '2024-05-01T10:00:00.123456',
		input_tokens: 7,
		output_tokens: 3,
		token_details: '{"cached_tokens":2}',
	});
	addResponse(log, {
		id: ids.code,
		model: 'openrouter/meta/llama',
		resolved_model: 'llama-3',
		prompt: 'Show me code',
		system: 'Be brief.',
		options_json: '{"temperature": 0.5}',
		response:
			'In sqlite:\n\n```sql\nSELECT 1;\n```\n\nor\n\n```\nSELECT 2;\n```\n',
		response_json: '{"id":"x"}',
		conversation_id: 'other',
		datetime_utc: '2024-05-02T12:00:00Z',
		duration_ms: 1500,
	});
	addFoundRun(log);
}

function addFoundRun(log: Log): void {
	const {output, foundMember, foundArbiter} = ids;
	const common = {prompt: 'Which is better?', consortium_id: output};
	log
		.prepare(
			`INSERT INTO consortium_found_runs
			(id, output_id, recorded_id, consortium, prompt, confidence, iterations, started_at, problems, version)
			VALUES (@output, @output, 'b0c1-uuid', 'pyduo', 'Which is better?', 0.6, 1, 0, '[]', 1)`,
		)
		.run({output});
	addResponse(log, {
		...common,
		id: output,
		model: 'pyduo',
		response: 'The left one.',
		conversation_id: 'py-chat',
		datetime_utc: '2025-01-10T12:00:00+00:00',
		is_arbiter_response: 0,
	});
	addResponse(log, {
		...common,
		id: foundMember,
		model: 'gpt-4o',
		response: 'Left.',
		conversation_id: 'py-member',
		datetime_utc: '2025-01-10T12:00:01.000000+00:00',
		is_arbiter_response: 0,
	});
	addResponse(log, {
		...common,
		id: foundArbiter,
		model: 'gpt-4o',
		response: '<synthesis>The left one.</synthesis>',
		conversation_id: 'py-arbiter',
		datetime_utc: '2025-01-10T12:00:02+00:00',
		is_arbiter_response: 1,
	});
	log.exec(`
		INSERT INTO consortium_found_responses
			(response_id, run_id, role, iteration, instance, evidence, decided_by, version)
		VALUES ('${foundMember}', '${output}', 'member', 2, 'gpt-4o#1', '[]', 'evidence', 1);
	`);
}
