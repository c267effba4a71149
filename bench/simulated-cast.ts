import {ModelError} from '../source/core/failure.js';
import {
	type Model,
	type ModelPart,
	type ModelRequest,
	type PromptCache,
	type Usage,
} from '../source/core/model.js';
import {type World} from '../source/core/world.js';
import {lastSaid} from './simulated-brief.js';
import {judgement} from './simulated-judges.js';
import {
	firstClaim,
	type Claim,
	type Kind,
	type SimulatedQuestion,
} from './simulated-questions.js';
import {answerText, optionIn} from './simulated-wording.js';

/**
The models of a run, and what was sent to them.
*/
export type SimulatedCast = {
	readonly models: ReadonlyMap<string, Model>;

	/**
	What all requests cost in US dollars, replies that were let go counted whole.
	*/
	readonly spentUsd: () => number;

	/**
	Calls that went out.
	*/
	readonly sent: () => number;
};

export const arbiterNames = ['sim/judge-1', 'sim/judge-2', 'sim/judge-3'];

/**
What arbiters cost, in US dollars for a million tokens read and written.
*/
const arbiterPrices = [3, 15] as const;

/**
How long replies are taken to be, in tokens; the texts here are shorter.
*/
const replyTokens = 500;

/**
The median time of a reply in seconds, and the standard deviation of its logarithm.
*/
const medianSeconds = 8;
const spread = 0.4;

/**
The members and arbiters of a question. Each member is one by its option `seed`, its place among the kinds.
*/
export function castFor(
	question: SimulatedQuestion,
	world: World,
): SimulatedCast {
	const {kinds} = question.world;
	const counts = new Map<string, number>();
	let spent = 0;
	let sent = 0;

	const modelOf = (
		id: string,
		prices: readonly [number, number],
		say: (request: ModelRequest) => {
			readonly who: string;
			readonly text: string;
		},
	): Model => {
		const costOf = ({inputTokens, outputTokens}: Usage) =>
			inputTokens === null || outputTokens === null
				? null
				: (inputTokens * prices[0] + outputTokens * prices[1]) / 1e6;

		return {
			id,
			isSimulated: true,
			promptCache,
			refusalOf: () => null,
			costOf,
			async *call(request, signal): AsyncIterable<ModelPart> {
				const {who, text} = say(request);
				const usage = usageOf(request);
				const call = `${who} ${request.purpose} ${request.messages.length}`;
				const attempt = (counts.get(call) ?? 0) + 1;
				counts.set(call, attempt);
				sent++;
				const {seconds, isFailing} = fateOf(question, request, call, attempt);
				spent += isFailing ? 0 : costOf(usage)!;
				yield {type: 'send'};
				await world.sleep(seconds * 750, signal);
				signal.throwIfAborted();

				if (isFailing) {
					throw new ModelError(overloaded);
				}

				const half = Math.floor(text.length / 2);
				yield {type: 'text', text: text.slice(0, half)};
				await world.sleep(seconds * 250, signal);
				signal.throwIfAborted();
				yield {type: 'text', text: text.slice(half)};
				yield {
					type: 'end',
					stop: 'done',
					usage,
					native: null,
					resolvedModel: null,
					requestId: null,
				};
			},
		};
	};

	const members = Map.groupBy(kinds, ({model}) => model)
		.entries()
		.map(
			([id, [kind]]) =>
				[
					id,
					modelOf(id, kind!.prices, request => {
						const speaker = kinds[Number(request.options['seed'])]!;
						return {
							who: speaker.slot,
							text: spoken(question, speaker, request),
						};
					}),
				] as const,
		);
	const arbiters = arbiterNames.map(
		name =>
			[
				name,
				modelOf(name, arbiterPrices, request => ({
					who: name,
					text: judgement(question, request, {
						name,
						discernment: question.world.discernment,
						own: null,
					}),
				})),
			] as const,
	);

	return {
		models: new Map([...members, ...arbiters]),
		spentUsd: () => spent,
		sent: () => sent,
	};
}

const promptCache: PromptCache = {
	kind: 'implicit',
	minimumTokens: null,
	lifetimeMs: null,
	isShared: false,
};

const overloaded = {
	kind: 'overloaded',
	message: 'The server is overloaded.',
	retryable: false,
	status: 503,
	requestId: null,
} as const;

function spoken(
	question: SimulatedQuestion,
	kind: Kind,
	request: ModelRequest,
): string {
	const [, role = null] =
		/Your role is (.*?)\./v.exec(request.system ?? '') ?? [];
	const first = firstClaim(question, kind, role);

	return request.purpose === 'review'
		? judgement(question, request, {
				name: kind.slot,
				discernment: question.world.discernment * kind.skill,
				own: first,
			})
		: answerText(
				question,
				claimNow(question, {kind, first}, request),
				`${kind.slot} ${request.messages.length}`,
			);
}

/**
What a member says when it is asked: what it said before or, where it conforms, what the synthesis says that it is told of.
*/
function claimNow(
	question: SimulatedQuestion,
	{kind, first}: {readonly kind: Kind; readonly first: Claim},
	request: ModelRequest,
): Claim {
	const before = request.messages.findLast(({role}) => role === 'assistant');

	if (before?.role !== 'assistant') {
		return first;
	}

	const own = optionIn(question, before.text) ?? first.option;
	const told = optionIn(question, lastSaid(request));
	const conforms =
		question.draws.uniform(`conforms ${kind.slot} ${request.messages.length}`) <
		kind.conformity;

	return {...first, option: told !== null && conforms ? told : own};
}

/**
Tokens of a request and its reply. Each answer that is read counts as long as it would be.
*/
function usageOf(request: ModelRequest): Usage {
	const texts = request.messages.map(message =>
		message.role === 'user' ? message.parts.join('') : message.text,
	);
	const answers = texts.join('').split('All in all it is').length - 1;
	const characters =
		(request.system ?? '').length + texts.join('').length - answers * 400;

	return {
		inputTokens: Math.ceil(Math.max(0, characters) / 4) + answers * replyTokens,
		cachedTokens: null,
		cacheWriteTokens: null,
		outputTokens: replyTokens,
		reasoningTokens: null,
	};
}

/**
How long a call takes, and whether it fails. Arbiters neither fail nor dawdle.
*/
function fateOf(
	{world, draws}: SimulatedQuestion,
	{purpose}: ModelRequest,
	call: string,
	attempt: number,
): {readonly seconds: number; readonly isFailing: boolean} {
	const isAnswer = purpose === 'answer';
	const name = `${call} ${attempt}`;
	const isLate = isAnswer && draws.uniform(`late ${name}`) < world.stragglers;

	return {
		seconds:
			medianSeconds *
			Math.exp(spread * draws.normal(`time ${name}`)) *
			(isLate ? 10 : 1),
		isFailing: isAnswer && draws.uniform(`fails ${call}`) < world.failures,
	};
}
