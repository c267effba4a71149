import {
	consortiumDefaults,
	type SavedConsortium,
} from '../source/core/consortium.js';
import {
	createConversation,
	type Conversation,
} from '../source/core/conversation.js';
import {drive} from '../source/core/drive.js';
import {type RunEvent} from '../source/core/events.js';
import {type Model, type ModelRequest} from '../source/core/model.js';
import {runConsortium} from '../source/core/run-consortium.js';
import {type World} from '../source/core/world.js';
import {readTemplates} from '../source/prompts.js';
import {type Log} from '../source/store/log.js';
import {createRunLog} from '../source/store/run-log.js';
import {fakeModel, unknownCache} from '../test/helpers/fake-model.js';
import {verdictText} from '../test/helpers/play.js';
import {createChance, question, type Chance} from './generated-text.js';
import {generatedWorld, spread, type Clock} from './generated-world.js';
import {ordinaryRows} from './ordinary-rows.js';

/**
The responses of this share of the log are those of runs; the others are llm's own.
*/
const shareOfRuns = 0.3;

const names = ['panel', 'review', 'quick', 'deep'];
const memberModels = ['open/large', 'anthro/medium', 'gem/flash'];
const arbiterModels = ['open/judge', 'anthro/judge'];

export type LogGenerator = {
	/**
	Make the events of runs that have so many responses together, or a few more.
	*/
	readonly runs: (responses: number) => Promise<RunEvent[][]>;

	/**
	Add so many responses, or a few more, to the log.
	*/
	readonly add: (responses: number) => Promise<number>;
};

/**
Fill a log with what becomes of the same seed: runs of three members in one to three iterations, made by the engine and written by the log's own writer, and between them conversations of llm. `total` is how many responses the whole log will have, over which three years are spread.
*/
export function createLogGenerator(
	log: Log,
	{seed, total}: {readonly seed: number; readonly total: number},
): LogGenerator {
	const chance = createChance(seed);
	const {clock, stepMs} = spread(total);
	const world = generatedWorld(clock, chance);
	const ask = createAsker(world, clock, chance);
	const write = createRunLog(log);
	const addOrdinary = ordinaryRows(log, world, chance);

	const run = async () => {
		const events = await ask();
		clock.now += stepMs * responsesOf(events);
		return events;
	};

	return {
		async runs(responses) {
			const all: RunEvent[][] = [];
			let count = 0;

			while (count < responses) {
				const events = await run();
				all.push(events);
				count += responsesOf(events);
			}

			return all;
		},
		async add(responses) {
			let added = 0;
			let ofRuns = 0;
			log.exec('BEGIN');

			while (added < responses) {
				if (ofRuns <= added * shareOfRuns) {
					const events = await run();

					for (const event of events) {
						write(event);
					}

					added += responsesOf(events);
					ofRuns += responsesOf(events);
				} else {
					const rows = addOrdinary();
					added += rows;
					clock.now += stepMs * rows;
				}
			}

			write.close();
			log.exec('COMMIT');
			return added;
		},
	};
}

/**
Each call that ends, and each run that does, is a row of `responses`.
*/
function responsesOf(events: readonly RunEvent[]): number {
	return events.filter(({type}) => type === 'call-end' || type === 'run-end')
		.length;
}

/**
Ask the next question: of a new conversation, or one more of the latest.
*/
function createAsker(
	world: World,
	clock: Clock,
	chance: Chance,
): () => Promise<RunEvent[]> {
	const templates = readTemplates(null);
	let iterations = 1;
	const models = new Map<string, Model>([
		...memberModels.map(
			name =>
				[
					name,
					speaker(name, chance, clock, () => {
						const confidence = chance.random().toFixed(2);
						return `${chance.prose(90)}${chance.marks()}\n\n<confidence>${confidence}</confidence>`;
					}),
				] as const,
		),
		...arbiterModels.map(
			name =>
				[
					name,
					speaker(name, chance, clock, () => {
						iterations--;
						return verdictText({
							confidence: iterations > 0 ? 0.5 : 0.9,
							needsIteration: iterations > 0,
							synthesis: chance.prose(80),
							areas: iterations > 0 ? [chance.prose(8)] : [],
						});
					}),
				] as const,
		),
	]);
	let conversation: Conversation | null = null;

	return async () => {
		if (!conversation || conversation.turn >= 4 || chance.below(4) > 0) {
			conversation = createConversation(world);
		}

		iterations = chance.oneOf([1, 1, 1, 2, 2, 3]);
		const events: RunEvent[] = [];
		await drive(
			runConsortium(
				{
					...panel,
					name: chance.oneOf(names),
					arbiters: [{model: chance.oneOf(arbiterModels)}],
				},
				question(chance),
				{
					models,
					templates,
					world,
					signal: new AbortController().signal,
					conversation,
				},
			),
			[
				event => {
					events.push(event);
				},
			],
		);
		return events;
	};
}

/**
The consortium that is asked, but for its name and its arbiter.
*/
export const panel: SavedConsortium = {
	...consortiumDefaults,
	name: 'panel',
	members: memberModels.map((model, index) => ({
		slot: `m${index + 1}`,
		model,
		count: 1,
	})),
	arbiters: [{model: arbiterModels[0]!}],
};

/**
A model whose every reply takes some seconds of the clock and none of ours.
*/
function speaker(
	id: string,
	chance: Chance,
	clock: Clock,
	say: () => string,
): Model {
	return {
		...fakeModel([], {id}),
		promptCache: unknownCache,
		costOf: ({inputTokens, outputTokens}) =>
			((inputTokens ?? 0) * 2 + (outputTokens ?? 0) * 10) / 1e6,
		async *call(request) {
			yield {type: 'send'};
			const text = say();
			clock.now += 200 + chance.below(3000);
			yield {type: 'text', text};
			yield {
				type: 'end',
				stop: 'done',
				usage: {
					inputTokens: Math.ceil(lengthOf(request) / 4),
					cachedTokens: 0,
					cacheWriteTokens: 0,
					outputTokens: Math.ceil(text.length / 4),
					reasoningTokens: 0,
				},
				native: null,
				resolvedModel: `${id}-2026`,
				requestId: null,
			};
		},
	};
}

function lengthOf({messages}: ModelRequest): number {
	return messages.reduce(
		(sum, message) =>
			sum +
			(message.role === 'user'
				? message.parts.reduce((length, part) => length + part.length, 0)
				: message.text.length),
		0,
	);
}
