import {type Caching} from './caching.js';
import {type SavedConsortium} from './consortium.js';
import {createConversation, type Conversation} from './conversation.js';
import {type CallStart} from './events.js';
import {serve, textOf, tokensIn, type KeptTexts} from './forecast-cache.js';
import {copyOf} from './forecast-conversation.js';
import {assumedOutputTokens, charactersPerToken} from './limits.js';
import {
	type CallPurpose,
	type Model,
	type ModelOptions,
	type Usage,
} from './model.js';
import {runConsortium} from './run-consortium.js';
import {type Templates} from './template.js';
import {type World} from './world.js';

export type ForecastOptions = {
	readonly models: ReadonlyMap<string, Model>;
	readonly templates: Templates;
	readonly world: World;

	/**
	The conversation the question would go on with; it stays as it is.
	*/
	readonly conversation?: Conversation;
	readonly caching?: Partial<Caching>;
};

export type ForecastCall = {
	readonly iteration: number;
	readonly speaker: string;
	readonly model: string;
	readonly purpose: CallPurpose;
	readonly options: ModelOptions;

	/**
	Everything that is sent: the system prompt and all messages. In the first iteration it is what a run sends; after it, answers of the expected length are in it.
	*/
	readonly inputCharacters: number;
	readonly inputTokens: number;

	/**
	The parts of the input that the provider's prompt cache serves, and that it newly keeps.
	*/
	readonly cachedTokens: number;
	readonly cacheWriteTokens: number;
	readonly outputTokens: number;

	/**
	US dollars; null when the price is unknown.
	*/
	readonly costUsd: number | null;
};

/**
How long a reply is: what is billed, and the text that is sent on.
*/
export type Length = {readonly tokens: number; readonly characters: number};

/**
What is supposed of a run.
*/
export type Supposition = {
	readonly lengthOf: (model: string, purpose: CallPurpose) => Length;

	/**
	Prompt caches that promise nothing serve what they can.
	*/
	readonly isLucky: boolean;

	/**
	It is not followed further than this.
	*/
	readonly iterations: number;
};

export type Played = {
	readonly calls: readonly ForecastCall[];

	/**
	The limit that ended it, in a sentence.
	*/
	readonly limit: string | null;

	/**
	False when there are more calls than were followed.
	*/
	readonly isComplete: boolean;
};

/**
A longer run is not forecast to its end.
*/
const mostCalls = 1000;

type Counted = Pick<
	ForecastCall,
	| 'inputCharacters'
	| 'inputTokens'
	| 'cachedTokens'
	| 'cacheWriteTokens'
	| 'outputTokens'
>;

/**
Run a consortium with models that answer at once, as long as is supposed, and are never content.

@throws UserError for what forbids the run.
*/
export async function playForecast(
	consortium: SavedConsortium,
	prompt: string,
	supposition: Supposition,
	{models, templates, world, conversation, caching}: ForecastOptions,
): Promise<Played> {
	const kept: KeptTexts = new Map();
	// A transcript has one request at a time.
	const counts = new Map<string, Counted>();
	const starts = new Map<string, CallStart>();
	const calls: ForecastCall[] = [];
	let cut: string | null = null;

	const run = runConsortium(consortium, prompt, {
		models: new Map(
			[...models].map(([name, model]) => [
				name,
				standIn(name, model, {supposition, kept, counts}),
			]),
		),
		templates,
		world,
		conversation: conversation
			? copyOf(conversation, world, kept)
			: createConversation(world),
		caching,
		signal: new AbortController().signal,
	});

	for await (const event of run) {
		switch (event.type) {
			case 'iteration-start': {
				if (event.iteration > supposition.iterations) {
					return {calls, limit: cut, isComplete: true};
				}

				break;
			}

			case 'call-start': {
				starts.set(event.callId, event);
				break;
			}

			case 'call-end': {
				const start = starts.get(event.callId)!;
				const counted = counts.get(start.transcriptId)!;
				calls.push(callOf(start, counted, models.get(start.model)!));
				cut ??=
					event.outcome.abort === 'budget'
						? `The budget of $${consortium.limits.budgetUsd} would end in the middle of what ${event.speaker} says in iteration ${event.iteration}.`
						: null;
				break;
			}

			case 'run-end': {
				const {status, reasons} = event.result;
				const limit = cut ?? (status === 'limited' ? reasons[0]! : null);
				return {calls, limit, isComplete: true};
			}

			default:
		}

		if (calls.length >= mostCalls) {
			break;
		}
	}

	return {calls, limit: cut, isComplete: false};
}

function callOf(
	{iteration, speaker, model, purpose, options}: CallStart,
	counted: Counted,
	{costOf}: Model,
): ForecastCall {
	const {inputCharacters, ...tokens} = counted;
	const usage: Usage = {...tokens, reasoningTokens: null};

	return {
		iteration,
		speaker,
		model,
		purpose,
		options,
		...counted,
		costUsd: costOf(usage),
	};
}

/**
A model that answers at once with as much text as is supposed. As an arbiter it is never content. It leaves what each request comes to in `counts`, by transcript; of a reply that is broken off, what was thought for it and said of it.
*/
function standIn(
	name: string,
	model: Model,
	{
		supposition: {lengthOf, isLucky},
		kept,
		counts,
	}: {
		readonly supposition: Supposition;
		readonly kept: KeptTexts;
		readonly counts: Map<string, Counted>;
	},
): Model {
	return {
		...model,
		async *call(request) {
			const {purpose, transcriptId, options} = request;
			const mostTokens = Number(options['maxTokens'] ?? Infinity);
			const {tokens, characters} = lengthOf(name, purpose);
			const outputTokens = Math.min(tokens, mostTokens);
			const isAnswer = purpose === 'answer';
			const said = Math.min(characters, mostTokens * charactersPerToken);
			const tags = isAnswer ? 0 : neverContent.length + closing.length;
			const text = 'x'.repeat(Math.max(1, said - tags));
			const inputCharacters = textOf(request).length;
			const counted: Counted = {
				inputCharacters,
				inputTokens: tokensIn(inputCharacters),
				...serve(model.promptCache, request, {kept, isLucky}),
				outputTokens,
			};
			const step = assumedOutputTokens * charactersPerToken;

			yield {type: 'send'};

			if (!isAnswer) {
				yield {type: 'text', text: neverContent};
			}

			for (let from = 0; from < text.length; from += step) {
				const left = tokensIn(Math.max(0, text.length - from - step));
				counts.set(transcriptId, {
					...counted,
					outputTokens: Math.max(0, outputTokens - left),
				});
				yield {type: 'text', text: text.slice(from, from + step)};
			}

			if (!isAnswer) {
				yield {type: 'text', text: closing};
			}

			counts.set(transcriptId, counted);
			yield {
				type: 'end',
				stop: 'done',
				usage: {
					inputTokens: counted.inputTokens,
					cachedTokens: counted.cachedTokens,
					cacheWriteTokens: counted.cacheWriteTokens,
					outputTokens,
					reasoningTokens: null,
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
const closing = '</synthesis>';
