import {type SavedConsortium} from './consortium.js';
import {type RunEvent} from './events.js';
import {assumedOutputTokens, charactersPerToken} from './limits.js';
import {
	unknownUsage,
	type CallPurpose,
	type Model,
	type ModelOptions,
	type ModelRequest,
} from './model.js';
import {type CallOutcome} from './result.js';
import {runConsortium} from './run-consortium.js';
import {type Templates} from './template.js';
import {type World} from './world.js';

export type ForecastCall = {
	readonly iteration: number;
	readonly speaker: string;
	readonly model: string;
	readonly purpose: CallPurpose;
	readonly options: ModelOptions;

	/**
	Everything that is sent: the system prompt and all messages. In the first iteration it is what a run sends; after it, answers of the assumed length are in it.
	*/
	readonly inputCharacters: number;
	readonly inputTokens: number;
	readonly outputTokens: number;

	/**
	US dollars; null when the price is unknown.
	*/
	readonly costUsd: number | null;
};

export type ForecastSum = {
	readonly iterations: number;
	readonly calls: number;
	readonly inputTokens: number;
	readonly outputTokens: number;

	/**
	US dollars for the calls whose price is known; null when there is none.
	*/
	readonly costUsd: number | null;
	readonly costIsComplete: boolean;
};

export type Forecast = {
	readonly calls: readonly ForecastCall[];

	/**
	When the first verdict that may end the run does, and when none does.
	*/
	readonly least: ForecastSum;
	readonly most: ForecastSum;

	/**
	Which limit would end the run before its last iteration, in a sentence; null when none would.
	*/
	readonly limit: string | null;

	/**
	False when there are more calls than were forecast.
	*/
	readonly isComplete: boolean;
};

type CallStart = Extract<RunEvent, {type: 'call-start'}>;

/**
What a forecast assumes, for whoever reads it.
*/
export const assumptions = `answers of ${assumedOutputTokens} tokens (fewer where maxTokens says so), ${charactersPerToken} characters a token, no hidden reasoning, nothing served from a cache, no retries`;

/**
A longer run is not forecast to its end.
*/
const mostCalls = 2000;

/**
What a run would call, how much it would send and what that would cost, by running it with models that answer at once and are never content. Nothing is called. Tokens and costs are estimates, see `assumptions`; for costs, the prices must be loaded.

@throws UserError for what forbids the run.
*/
export async function forecastRun(
	consortium: SavedConsortium,
	prompt: string,
	{
		models,
		templates,
		world,
	}: {
		readonly models: ReadonlyMap<string, Model>;
		readonly templates: Templates;
		readonly world: World;
	},
): Promise<Forecast> {
	const calls: ForecastCall[] = [];
	// A transcript has one request at a time.
	const sizes = new Map<string, number>();
	const starts = new Map<string, CallStart>();
	let limit: string | null = null;
	let isComplete = false;

	const run = runConsortium(consortium, prompt, {
		models: new Map(
			[...models].map(([name, model]) => [name, standIn(model, sizes)]),
		),
		templates,
		world,
		signal: new AbortController().signal,
	});

	for await (const event of run) {
		switch (event.type) {
			case 'call-start': {
				starts.set(event.callId, event);
				break;
			}

			case 'call-end': {
				calls.push(callOf(starts.get(event.callId)!, event.outcome, sizes));
				break;
			}

			case 'run-end': {
				const {status, reasons} = event.result;
				isComplete = true;
				limit = status === 'limited' ? reasons[0]! : null;
				break;
			}

			default:
		}

		if (calls.length >= mostCalls) {
			break;
		}
	}

	return {
		calls,
		least: sumOf(
			calls.filter(({iteration}) => iteration <= consortium.minIterations),
		),
		most: sumOf(calls),
		limit,
		isComplete,
	};
}

function callOf(
	{iteration, speaker, model, purpose, options, transcriptId}: CallStart,
	{usage, costUsd}: CallOutcome,
	sizes: ReadonlyMap<string, number>,
): ForecastCall {
	return {
		iteration,
		speaker,
		model,
		purpose,
		options,
		inputCharacters: sizes.get(transcriptId)!,
		inputTokens: usage.inputTokens!,
		outputTokens: usage.outputTokens!,
		costUsd,
	};
}

/**
A model that answers at once with as much text as is assumed, at the price of the real one. As an arbiter it is never content. It leaves the size of each request in `sizes`, by transcript.
*/
function standIn(model: Model, sizes: Map<string, number>): Model {
	return {
		...model,
		async *call(request) {
			const {purpose, transcriptId, options} = request;
			const inputCharacters = charactersIn(request);
			const outputTokens = Math.min(
				assumedOutputTokens,
				Number(options['maxTokens'] ?? Infinity),
			);
			const text = 'x'.repeat(outputTokens * charactersPerToken);
			sizes.set(transcriptId, inputCharacters);

			yield {type: 'send'};
			yield {
				type: 'text',
				text:
					purpose === 'answer' ? text : `${neverContent}${text}</synthesis>`,
			};
			yield {
				type: 'end',
				stop: 'done',
				usage: {
					...unknownUsage,
					inputTokens: Math.ceil(inputCharacters / charactersPerToken),
					outputTokens,
				},
				native: null,
				resolvedModel: null,
				requestId: null,
			};
		},
	};
}

const neverContent =
	'<confidence>0</confidence><needs_iteration>true</needs_iteration><synthesis>';

function charactersIn({system, messages}: ModelRequest): number {
	return messages.reduce(
		(sum, message) =>
			sum +
			(message.role === 'user' ? message.parts.join('') : message.text).length,
		system?.length ?? 0,
	);
}

function sumOf(calls: readonly ForecastCall[]): ForecastSum {
	const costs = calls
		.map(({costUsd}) => costUsd)
		.filter(costUsd => costUsd !== null);
	const total = (numbers: readonly number[]) =>
		numbers.reduce((sum, number) => sum + number, 0);

	return {
		iterations: calls.at(-1)?.iteration ?? 0,
		calls: calls.length,
		inputTokens: total(calls.map(({inputTokens}) => inputTokens)),
		outputTokens: total(calls.map(({outputTokens}) => outputTokens)),
		costUsd: costs.length === 0 ? null : total(costs),
		costIsComplete: costs.length === calls.length,
	};
}
