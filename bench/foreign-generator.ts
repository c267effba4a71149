import Database from 'better-sqlite3';
import {idAt} from '../source/store/id-at.js';
import {llmTime} from '../source/store/llm-form.js';
import {addLlmSchema} from '../source/store/llm-schema.js';
import {createChance, question, type Chance} from './generated-text.js';
import {generatedWorld, spread, type Clock} from './generated-world.js';
import {ordinaryRows} from './ordinary-rows.js';

/**
What the member of a consortium of the Python plug-in answered.
*/
type Answer = {
	readonly model: string;
	readonly instance: number;
	readonly response: string;
	readonly confidence: number;
};

type Row = {
	readonly model: string;
	readonly prompt: string;
	readonly response: string;
	readonly json: string;

	/**
	When the call began and ended; the id tells the end in the first half of the log, as before llm 0.26, and the beginning in the second.
	*/
	readonly from: number;
	readonly until: number;
};

const batch = 5000;
const shareOfRuns = 0.5;
const members = ['gpt-4o', 'claude-4', 'gemini-3'];

/**
Make a database of llm, of its generation 1 and in its own journal mode, in which runs of the Python plug-in (0.3) are among other conversations and nothing tells which. Runs have three members and one to three iterations.
*/
export function makeForeignLog(
	path: string,
	total: number,
	onProgress: (responses: number) => void = () => undefined,
): void {
	const log = new Database(path);
	log.pragma('synchronous = OFF');
	log.pragma('foreign_keys = OFF');
	addLlmSchema(log);
	const chance = createChance(2);
	const {clock, stepMs} = spread(total);
	const addOrdinary = ordinaryRows(log, generatedWorld(clock, chance), chance);
	const addRun = runRows(log, clock, chance);
	let added = 0;
	let ofRuns = 0;

	while (added < total) {
		const until = Math.min(total, added + batch);
		log.exec('BEGIN');

		while (added < until) {
			const isRun = ofRuns <= added * shareOfRuns;
			const rows = isRun ? addRun(added > total / 2) : addOrdinary();
			added += rows;
			ofRuns += isRun ? rows : 0;
			clock.now += stepMs * rows;
		}

		log.exec('COMMIT');
		onProgress(added);
	}

	log.close();
}

function runRows(
	log: Database.Database,
	clock: Clock,
	chance: Chance,
): (isEarlyId: boolean) => number {
	const insertConversation = log.prepare(
		'INSERT INTO conversations VALUES (?, ?, ?)',
	);
	const insert = log.prepare(
		`INSERT INTO responses (id, model, prompt, options_json, response,
			response_json, conversation_id, duration_ms, datetime_utc)
		VALUES (?, ?, ?, '{}', ?, ?, ?, ?, ?)`,
	);
	const idOf = (at: number) =>
		idAt(at) +
		idAt(chance.below(2 ** 40)).slice(2) +
		idAt(chance.below(2 ** 40)).slice(2);

	return isEarlyId => {
		const rows = rowsOf(clock, chance);

		for (const {model, prompt, response, json, from, until} of rows) {
			const id = idOf(isEarlyId ? from : until);
			insertConversation.run(id, prompt.slice(0, 32), model);
			insert.run(
				id,
				model,
				prompt,
				response,
				json,
				id,
				until - from,
				llmTime(from),
			);
		}

		return rows.length;
	};
}

/**
The rows of one run, in the order they are logged.
*/
function rowsOf(clock: Clock, chance: Chance): Row[] {
	const asked = question(chance);
	const startedAt = Math.floor(clock.now);
	const iterations = chance.oneOf([1, 1, 1, 2, 2, 3]);
	const rows: Row[] = [];
	let answers: Answer[] = [];
	let synthesis = '';
	let raw = '';
	let at = startedAt + 5;

	for (let iteration = 1; iteration <= iterations; iteration++) {
		const calls = memberRows(
			iteration === 1
				? asked
				: `<original_prompt>${asked}</original_prompt>\n<previous_synthesis>${synthesis}</previous_synthesis>`,
			at,
			chance,
		);
		rows.push(...calls);
		answers = calls.map(({model, response}, index) => ({
			model,
			instance: index + 1,
			response,
			confidence: 0.8,
		}));
		at = Math.max(...calls.map(({until}) => until)) + 5;
		synthesis = chance.prose(80);
		raw = `<synthesis_output>\n<synthesis>${synthesis}</synthesis>\n<confidence>${iteration === iterations ? 0.9 : 0.5}</confidence>\n<needs_iteration>${iteration < iterations}</needs_iteration>\n</synthesis_output>`;
		const from = at;
		at += 500 + chance.below(3000);
		rows.push({
			model: 'gpt-4o-mini',
			prompt: arbiterPrompt(asked, answers),
			response: raw,
			json: jsonOf('gpt-4o-mini'),
			from,
			until: at,
		});
	}

	clock.now = at + 5;
	return [
		...rows,
		{
			model: 'my-panel',
			prompt: asked,
			response: synthesis,
			json: JSON.stringify({
				original_prompt: asked,
				model_responses_final_iteration: answers,
				synthesis: {
					synthesis,
					confidence: 0.9,
					analysis: '',
					dissent: '',
					needs_iteration: false,
					refinement_areas: [],
					raw_arbiter_response: raw,
				},
				metadata: {
					models_used: Object.fromEntries(members.map(model => [model, 1])),
					arbiter: 'gpt-4o-mini',
					timestamp: new Date(at).toISOString().replace('Z', ''),
					iteration_count: iterations,
				},
			}),
			from: startedAt,
			until: at + 3,
		},
	];
}

function memberRows(prompt: string, at: number, chance: Chance): Row[] {
	return members.map((model, index) => ({
		model,
		prompt,
		response: `${chance.prose(80)}${chance.marks()}\n<confidence>0.8</confidence>`,
		json: jsonOf(model),
		from: at + index,
		until: at + 500 + chance.below(4000),
	}));
}

function jsonOf(model: string): string {
	return JSON.stringify({model, finish_reason: 'stop'});
}

function arbiterPrompt(asked: string, answers: readonly Answer[]): string {
	const blocks = answers.map(
		({model, instance, response, confidence}) => `<model_response>
            <model>${model}</model>
            <instance>${instance}</instance>
            <confidence>${confidence}</confidence>
            <response>${response}</response>
        </model_response>`,
	);
	return `<arbiter_prompt>
    <original_prompt>${asked}</original_prompt>
    <model_responses>
        ${blocks.join('\n')}
    </model_responses>
    <iteration_history>

    </iteration_history>
</arbiter_prompt>
`;
}
