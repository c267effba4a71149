import {fnv1a32} from '../core/random.js';
import {
	type Message,
	type Model,
	type ModelOptions,
	type ModelRequest,
	type Usage,
} from '../core/model.js';
import {type World} from '../core/world.js';
import {refusedValue} from './refusals.js';
import {weighInDemo} from './demo-arbiter.js';
import {noCache} from './prompt-cache.js';

type Persona = {
	/**
	Which of the possible opinions it holds, counted from one the question decides.
	*/
	readonly opinion: number;
	readonly confidence: number;
	readonly firstWordMs: number;
	readonly wordMs: number;
	readonly thinks: boolean;
	readonly manner: string;
};

const personas: Readonly<Record<string, Persona>> = {
	optimist: {
		opinion: 0,
		confidence: 0.78,
		firstWordMs: 150,
		wordMs: 10,
		thinks: false,
		manner: 'Looking at what speaks for it',
	},
	skeptic: {
		opinion: 1,
		confidence: 0.66,
		firstWordMs: 300,
		wordMs: 16,
		thinks: false,
		manner: 'Looking for what could be wrong with it',
	},
	careful: {
		opinion: 0,
		confidence: 0.58,
		firstWordMs: 450,
		wordMs: 22,
		thinks: true,
		manner: 'Weighing both sides',
	},
};

/**
A simulated model for trying the program: no key, no network, no cost. It streams at a speed of its own, holds an opinion that depends on the question and its name, and comes round when the feedback speaks against it. The same prompt and seed give the same words.

Its options are `seed` (a number) and `delay` (milliseconds for each word).
*/
export function createDemoModel(
	name: string,
	{sleep}: Pick<World, 'sleep'>,
): Model {
	return {
		id: `demo/${name}`,
		isSimulated: true,
		promptCache: noCache,
		refusalOf: options => refusedIn(options, `demo/${name}`),
		costOf: () => 0,
		async *call(request, signal) {
			const persona = personaOf(name);
			const delay = numberFrom(request.options['delay']);
			const {purpose} = request;
			const isArbiter = purpose !== 'answer';
			const brief = isArbiter ? lastPart(request) : briefIn(request);
			const {thinking, text} =
				brief === null
					? answer(name, persona, request)
					: {
							thinking: '',
							text: weighInDemo(brief, isArbiter ? purpose : 'synthesis'),
						};
			yield {type: 'send'};
			await sleep(delay ?? (isArbiter ? 200 : persona.firstWordMs), signal);

			for (const [type, words] of [
				['thinking', thinking],
				['text', text],
			] as const) {
				for (const word of wordsOf(words)) {
					signal.throwIfAborted();
					yield {type, text: word};

					if (delay !== 0) {
						await sleep(delay ?? (isArbiter ? 6 : persona.wordMs), signal);
					}
				}
			}

			yield {
				type: 'end',
				stop: 'done',
				usage: usageOf(request, thinking, text),
				native: null,
				resolvedModel: null,
				requestId: null,
			};
		},
	};
}

/**
A text in pieces: words with the space before them.
*/
const wordsOf = (text: string) =>
	text === '' ? [] : text.split(/(?<=\S)(?=\s+\S)/v);

function personaOf(name: string): Persona {
	const hash = fnv1a32(name);

	return (
		personas[name] ?? {
			opinion: hash % 3,
			confidence: 0.55 + (hash % 30) / 100,
			firstWordMs: 100 + (hash % 400),
			wordMs: 8 + (hash % 16),
			thinks: hash % 2 === 0,
			manner: 'Taking it as it is asked',
		}
	);
}

function answer(name: string, persona: Persona, request: ModelRequest) {
	const question = questionIn(request.messages);
	const seed = numberFrom(request.options['seed']) ?? 0;
	const opinions = opinionsOn(question);
	const own =
		opinions[
			(fnv1a32(`${seed}|${question}`) + persona.opinion) % opinions.length
		]!;
	const feedback = feedbackIn(request.messages);
	const settled =
		feedback === null
			? undefined
			: opinions.find(each => feedback.includes(`: ${each}.`));
	const final = settled ?? own;
	const isTurned = settled !== undefined && settled !== own;
	const confidence = Math.min(
		0.97,
		persona.confidence + (settled === undefined ? 0 : isTurned ? 0.12 : 0.18),
	);
	const subject = question.length > 80 ? `${question.slice(0, 79)}…` : question;

	return {
		thinking: persona.thinks
			? `What would have to be true for each answer to “${subject}”? `
			: '',
		text: [
			`${persona.manner}, my answer to “${subject}” is: ${final}.`,
			feedback === null
				? `Two things decide it. First, what the words are taken to mean; I take them as most people would. Second, which cases count; I count the ordinary ones.`
				: isTurned
					? `I first said “${own}”. What was brought forward against it is better than what I had for it, so I change my answer.`
					: `I have looked at the open points again. They do not move me: the ordinary reading of the question still leads here.`,
			`(This is a simulated answer by demo/${name}; it knows nothing about the subject.)`,
			`<final>${final}</final>\n<confidence>${confidence.toFixed(2)}</confidence>`,
		].join('\n\n'),
	};
}

/**
What can be held about a question: its own alternatives, yes or no, or three ways to take it.
*/
function opinionsOn(question: string): string[] {
	const choice =
		/\b(?<left>\p{L}[\p{L}\p{N}\-]*)\s+or\s+(?<right>\p{L}[\p{L}\p{N}\-]*)/iv.exec(
			question,
		)?.groups;

	if (choice) {
		return [choice['left']!.toLowerCase(), choice['right']!.toLowerCase()];
	}

	return /^(?:are|can|could|did|do|does|has|have|is|may|must|should|was|were|will|would)\b/iv.test(
		question,
	)
		? ['yes', 'no']
		: ['the simple way', 'the thorough way', 'it depends on the purpose'];
}

/**
The question a member is to answer: the latest that was put, without the feedback on it.
*/
function questionIn(messages: readonly Message[]): string {
	const parts = messages.flatMap(message =>
		message.role === 'user' ? message.parts : [],
	);
	const [text = ''] = parts
		.filter(part => !part.startsWith('The answers of all'))
		.slice(-1);
	return text
		.split('The new question:')
		.at(-1)!
		.split('The answers of all', 1)[0]!
		.replaceAll(/\s+/gv, ' ')
		.trim();
}

function feedbackIn(messages: readonly Message[]): string | null {
	const last = messages.at(-1);
	const text = last?.role === 'user' ? last.parts.join('\n') : '';
	return (
		/<synthesis>(?<synthesis>.*)<\/synthesis>/sv.exec(text)?.groups?.[
			'synthesis'
		] ?? null
	);
}

/**
The answers that a member is to weigh, since its consortium is the arbiter of another; null where it is asked something else.
*/
function briefIn({messages}: ModelRequest): string | null {
	return (
		messages
			.flatMap(message => (message.role === 'user' ? message.parts : []))
			.findLast(part => /^\[[0-9a-f]{32} answer [A-Z]/mv.test(part)) ?? null
	);
}

function lastPart({messages}: ModelRequest): string {
	const last = messages.findLast(
		message => message.role === 'user' && message.parts.length > 1,
	);
	return last?.role === 'user' ? last.parts.at(-1)! : '';
}

function usageOf(
	{system, messages}: ModelRequest,
	thinking: string,
	text: string,
): Usage {
	const characters = JSON.stringify(messages).length + (system ?? '').length;
	const reasoningTokens = Math.ceil(thinking.length / 4);

	return {
		inputTokens: Math.ceil(characters / 4),
		cachedTokens: null,
		cacheWriteTokens: null,
		outputTokens: Math.ceil(text.length / 4) + reasoningTokens,
		reasoningTokens,
	};
}

/**
It takes the options of any model, and minds only its own.
*/
function refusedIn(options: ModelOptions, name: string): string | null {
	const {delay} = options;

	return delay === undefined || numberFrom(delay) !== null
		? refusedValue(options, name)
		: `The option delay of ${name} takes milliseconds for each word, not ${JSON.stringify(delay)}.`;
}

const numberFrom = (value: unknown) =>
	typeof value === 'number' && Number.isFinite(value) && value >= 0
		? value
		: null;
