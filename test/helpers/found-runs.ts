import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type TestContext} from 'node:test';
import {
	type Doubt,
	type FoundResponse,
	type FoundRun,
	type Proposal,
} from '../../source/store/backfill/found.js';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';

/**
An empty log of its own, gone when the test is over.
*/
export function emptyLog(t: TestContext): Log {
	const folder = mkdtempSync(path.join(tmpdir(), 'log-'));
	const log = openLog(path.join(folder, 'log.db'));
	t.after(() => {
		log.close();
		rmSync(folder, {recursive: true});
	});
	return log;
}

/**
Put rows of another program into a log.
*/
export function addResponses(log: Log, ...ids: readonly string[]): void {
	const insert = log.prepare(
		`INSERT OR IGNORE INTO responses
			(id, model, prompt, response, duration_ms, datetime_utc)
		VALUES (?, ?, ?, ?, 1000, '2025-04-20T12:00:00.000000+00:00')`,
	);

	for (const id of ids) {
		insert.run(id, `model-of-${id}`, `prompt of ${id}`, `answer of ${id}`);
	}
}

export function foundResponse(
	responseId: string,
	role: FoundResponse['role'],
	changes: Partial<FoundResponse> = {},
): FoundResponse {
	return {
		responseId,
		role,
		isArbiterResponse: role === 'arbiter' ? 1 : 0,
		iteration: role === 'output' ? null : 1,
		instance: role === 'member' ? 'luna#1' : null,
		evidence: ['text', 'time'],
		score: 0.9,
		...changes,
	};
}

/**
A run of these responses: its answer, when `outputId` says so, a final arbiter, and members.
*/
export function foundRun({
	outputId = null,
	arbiterId,
	memberIds = [],
	...changes
}: Partial<FoundRun> & {
	readonly arbiterId: string;
	readonly memberIds?: readonly string[];
}): FoundRun {
	return {
		id: outputId ?? `run-of-${arbiterId}`,
		outputId,
		recordedId: null,
		consortium: 'duo',
		arbiter: 'opus',
		prompt: 'How deep is the sea?',
		confidence: 0.9,
		iterations: 1,
		startedAt: Date.UTC(2025, 3, 20, 12),
		durationMs: 9000,
		responses: [
			...(outputId === null ? [] : [foundResponse(outputId, 'output')]),
			foundResponse(arbiterId, 'arbiter'),
			...memberIds.map(id => foundResponse(id, 'member')),
		],
		problems: [],
		parent: null,
		...changes,
	};
}

export function proposal(
	runId: string,
	changes: Partial<Proposal> = {},
): Proposal {
	const {responseId, ...place} = foundResponse('', 'member', {score: 0.4});
	return {...place, runId, ...changes};
}

export function doubt(id: string, changes: Partial<Doubt> = {}): Doubt {
	return {
		id,
		runId: null,
		responseId: id,
		kind: 'weak',
		reason: 'Only the time speaks for it.',
		proposals: [],
		...changes,
	};
}

/**
Which response is where, and who says so, checked against what `responses` itself says.
*/
export function placesIn(log: Log): Record<string, string> {
	const rows = log
		.prepare<
			[],
			{
				id: string;
				run: string | null;
				flag: number;
				said: string | null;
				saidFlag: number;
				by: string | null;
			}
		>(
			`SELECT responses.id, run_id AS run, consortium_id AS said,
				coalesce(found.is_arbiter_response, 0) AS flag,
				coalesce(responses.is_arbiter_response, 0) AS saidFlag,
				decided_by AS by
			FROM responses
			LEFT JOIN consortium_found_responses AS found
				ON found.response_id = responses.id
			ORDER BY responses.id`,
		)
		.all();

	return Object.fromEntries(
		rows
			.filter(({run, said, by}) => (run ?? said ?? by) !== null)
			.map(({id, run, flag, said, saidFlag, by}) => [
				id,
				run === said && flag === saidFlag
					? `${run}/${flag} ${by}`
					: `${run}/${flag}, but responses says ${said}/${saidFlag}`,
			]),
	);
}

/**
Every row of some tables, for comparing; all that backfill writes unless named.
*/
export function dumpOf(
	log: Log,
	tables: readonly string[] = [
		'responses',
		'consortium_found_runs',
		'consortium_found_responses',
		'consortium_doubts',
	],
): Record<string, unknown[]> {
	return Object.fromEntries(
		tables.map(table => [
			table,
			log.prepare(`SELECT * FROM ${table} ORDER BY 1`).all(),
		]),
	);
}
