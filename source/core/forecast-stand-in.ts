import {serve, textOf, tokensIn, type KeptTexts} from './forecast-cache.js';
import {openingOf} from './forecast-opening.js';
import {assumedOutputTokens, charactersPerToken} from './limits.js';
import {type CallPurpose, type Model, type ModelRequest} from './model.js';
import {fnv1a32} from './random.js';

/**
How long a reply is: what is billed, and the text that is sent on.
*/
export type Length = {readonly tokens: number; readonly characters: number};

/**
What is supposed of those who speak.
*/
export type Temper = {
	readonly lengthOf: (model: string, purpose: CallPurpose) => Length;

	/**
	Prompt caches that promise nothing serve what they can, rankings are clear, and nobody is so late as to be asked twice.
	*/
	readonly isLucky: boolean;

	/**
	The values answers end in: none, since they are prose, the same one, or each another.
	*/
	readonly finals: 'none' | 'same' | 'different';

	/**
	The iteration from which on whoever weighs is content.
	*/
	readonly contentFrom: number;
};

export type Counted = {
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
};

type Setting = {
	readonly temper: Temper;
	readonly kept: KeptTexts;
	readonly counts: Map<string, Counted>;

	/**
	The iteration the run is in.
	*/
	readonly iteration: () => number;

	/**
	Whoever weighs also puts in order.
	*/
	readonly isRanked: boolean;

	/**
	There are consortiums inside.
	*/
	readonly hasInner: boolean;

	/**
	How many stand inside one another: what a consortium writes as an arbiter is a verdict, and its arbiter's synthesis.
	*/
	readonly verdicts: number;
};

/**
A model that answers at once with as much text as is supposed. It leaves what each request comes to in `counts`, by transcript; of a reply that is broken off, what was thought for it and said of it.
*/
export function standIn(name: string, model: Model, setting: Setting): Model {
	const {temper, kept, counts} = setting;
	const {lengthOf, isLucky} = temper;

	return {
		...model,
		async *call(request) {
			const {purpose, transcriptId, options} = request;
			const mostTokens = Number(options['maxTokens'] ?? Infinity);
			const {tokens, characters} = lengthOf(name, purpose);
			const outputTokens = Math.min(tokens, mostTokens);
			const said = Math.min(characters, mostTokens * charactersPerToken);
			const {opening, ending} = framing(request, setting);
			const tags = opening.length + ending.length;
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

			if (opening !== '') {
				yield {type: 'text', text: opening};
			}

			for (let from = 0; from < text.length; from += step) {
				const after = purpose === 'answer' ? ending.length : 0;
				const left = tokensIn(Math.max(0, text.length + after - from - step));
				counts.set(transcriptId, {
					...counted,
					outputTokens: Math.max(0, outputTokens - left),
				});
				yield {type: 'text', text: text.slice(from, from + step)};
			}

			if (ending !== '') {
				yield {type: 'text', text: ending};
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

/**
What stands around the text of a reply. An answer inside of a consortium that weighs may be given word for word, and then has to be a verdict.
*/
function framing(
	request: ModelRequest,
	{temper, iteration, isRanked, hasInner, verdicts}: Setting,
): {readonly opening: string; readonly ending: string} {
	const {purpose, transcriptId} = request;
	const isAnswer = purpose === 'answer';
	const depth = isAnswer ? verdicts - 1 : verdicts;
	const {isLucky, finals, contentFrom} = temper;
	const final = {
		none: '',
		same: '\n<final>1</final>',
		different: `\n<final>${fnv1a32(transcriptId)}</final>`,
	}[finals];

	return {
		opening: openingOf(request, {
			isLucky,
			isRanked,
			isContent: iteration() >= contentFrom,
			verdicts: depth,
		}),
		// An answer of a consortium may end in a value, too.
		ending: isAnswer
			? `${'</synthesis>'.repeat(depth)}${final}`
			: `${hasInner ? final : ''}${'</synthesis>'.repeat(depth)}`,
	};
}
