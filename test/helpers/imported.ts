import {idAt} from '../../source/store/id-at.js';
import {keepDoubts} from '../../source/store/backfill/doubts.js';
import {keepFoundRuns} from '../../source/store/backfill/keep.js';
import {type Doubt} from '../../source/store/backfill/found.js';
import {llmTime} from '../../source/store/llm-form.js';
import {type Log} from '../../source/store/log.js';
import {foundRun} from './found-runs.js';

export type Imported = {
	readonly id: string;
	readonly at: number;
	readonly chat?: string | null;
	readonly model?: string;
	readonly prompt?: string | null;
	readonly response?: string | null;
};

/**
An id as llm makes them, of a moment in milliseconds since the Unix epoch.
*/
export const idOf = (at: number, number = 0): string =>
	`${idAt(at)}${String(number).padStart(16, '0')}`;

/**
Rows as they are after an import from a log of llm.
*/
export function addImported(log: Log, ...rows: readonly Imported[]): void {
	for (const {id, at, chat = null, model = 'gpt-9', ...texts} of rows) {
		const {prompt = 'Why?', response = 'Because.'} = texts;
		log
			.prepare(
				`INSERT INTO responses (id, model, prompt, response, conversation_id, datetime_utc)
				VALUES (?, ?, ?, ?, ?, ?)`,
			)
			.run(id, model, prompt, response, chat, llmTime(at));
		log
			.prepare('INSERT INTO consortium_imported VALUES (?, ?, 1, NULL)')
			.run(id, 'source');
	}
}

export const early = Date.UTC(2025, 3, 20, 12);

/**
A run of the Python plug-in that was found, and two answers of which nobody knows whether they are its.
*/
export function addDoubts(log: Log): readonly Doubt[] {
	const ids = {
		output: idOf(early, 5),
		arbiter: idOf(early, 4),
		member: idOf(early, 1),
		tie: idOf(early, 2),
		lonely: idOf(early + 1000),
	};
	addImported(
		log,
		{id: ids.member, at: early, response: 'A lagoon, says the member.'},
		{id: ids.tie, at: early, model: 'luna', response: 'A lake, perhaps.'},
		{id: ids.arbiter, at: early, model: 'judge', response: 'Both say water.'},
		{
			id: ids.output,
			at: early,
			chat: 'chat-of-run',
			model: 'trio',
			prompt: 'What lies behind the dunes?',
			response: 'A lagoon.',
		},
		{id: ids.lonely, at: early + 1000, model: 'trio', response: 'Sand.'},
	);
	const run = foundRun({
		outputId: ids.output,
		arbiterId: ids.arbiter,
		memberIds: [ids.member],
		consortium: 'trio',
		prompt: 'What lies behind the dunes?',
		startedAt: early,
	});
	keepFoundRuns(log, [run], 'evidence');
	const place = {
		runId: ids.output,
		role: 'member',
		isArbiterResponse: 0,
		evidence: ['question', 'time'],
	} as const;
	const doubts: readonly Doubt[] = [
		{
			id: 'd1',
			runId: ids.output,
			responseId: ids.tie,
			kind: 'tie',
			reason: 'Two places are as likely.',
			proposals: [
				{...place, iteration: 1, instance: 'luna#1', score: 2.5},
				{...place, iteration: 2, instance: 'luna#2', score: 2.5},
			],
		},
		{
			id: 'd2',
			runId: null,
			responseId: ids.lonely,
			kind: 'lonely',
			reason: 'It looks like an answer without its members.',
			proposals: [],
		},
	];
	keepDoubts(log, doubts, early);
	return doubts;
}
