import {type SavedConsortium} from '../source/core/consortium.js';
import {type RunEvent} from '../source/core/events.js';
import {notObserved, type Observer} from '../source/core/observation.js';
import {type RunResult} from '../source/core/result.js';
import {runConsortium} from '../source/core/run-consortium.js';
import {type RunOptions} from '../source/core/run-options.js';
import {findRoles, readTemplates} from '../source/prompts.js';
import {castFor} from './simulated-cast.js';
import {type SimulatedQuestion} from './simulated-questions.js';
import {optionIn, promptOf} from './simulated-wording.js';
import {virtualWorld, type VirtualWorld} from './virtual-world.js';

export const templates = readTemplates(null);
export const roles = findRoles(null);

export type SimulatedRun = {
	readonly events: readonly RunEvent[];
	readonly result: RunResult;

	/**
	What the answer holds; null for no answer.
	*/
	readonly option: number | null;
	readonly isRight: boolean;
	readonly calls: number;
	readonly usd: number;
};

/**
Put a question to a consortium of simulated members, by the engine as it is.
*/
export async function playSimulated(
	question: SimulatedQuestion,
	consortium: SavedConsortium,
	{
		world = worldFor(question),
		...options
	}: Partial<Pick<RunOptions, 'from' | 'conversation'>> & {
		readonly world?: VirtualWorld;
	} = {},
): Promise<SimulatedRun> {
	const {models, spentUsd, sent} = castFor(question, world);
	const events: RunEvent[] = [];
	const run = runConsortium(consortium, promptOf(question), {
		models,
		templates,
		roles,
		world,
		observer: observerFor(question),
		signal: new AbortController().signal,
		...options,
	});

	const play = async () => {
		while (true) {
			const {done, value} = await run.next();

			if (done) {
				return value;
			}

			events.push(value);
		}
	};

	const result = await world.passing(play());
	const option = optionIn(question, result.answer ?? '');

	return {
		events,
		result,
		option,
		isRight: option === question.truth,
		calls: sent(),
		usd: spentUsd(),
	};
}

const worldFor = ({world, index}: SimulatedQuestion) =>
	virtualWorld(`${world.name}-${index}`);

/**
How alike two answers are in the eyes of an embedding model: those that hold the same option mostly more than those that do not, with a tenth by chance.
*/
function observerFor(question: SimulatedQuestion): Observer {
	return {
		priceOf: async () => 0.0001,
		async observe(request) {
			if (request.kind !== 'similarity') {
				return notObserved(request, 'There is nothing but embeddings here.');
			}

			const {answers, model} = request;
			const held = answers.map(({text}) => optionIn(question, text));
			const likeness = (one: number, other: number) => {
				const [low, high] = [Math.min(one, other), Math.max(one, other)];
				const noise = question.draws.normal(
					`alike ${answers[low]!.instance} ${held[low]} ${answers[high]!.instance} ${held[high]}`,
				);
				return one === other
					? 1
					: Math.min(1, (held[one] === held[other] ? 0.85 : 0.55) + noise / 10);
			};

			return {
				kind: 'similarity',
				model,
				instances: answers.map(({instance}) => instance),
				calls: answers.map(({callId}) => callId),
				matrix: answers.map((_, row) =>
					answers.map((_each, column) => likeness(row, column)),
				),
				costUsd: 0.0001,
				problem: null,
			};
		},
	};
}
