import {
	type RunResult,
	type Verdict,
	type VerdictResult,
} from '../core/result.js';
import {settled} from '../core/settled.js';
import {percentText} from '../core/share.js';
import {agreementText, shareText, verdictWishes} from './phrases.js';

type NameOf = (id: string) => string;

const asItIs: NameOf = id => id;

type Voted = Pick<Verdict, 'madeOf' | 'dissent'>;

/**
How many say what won a vote, of how many: `2 of 3`.
*/
export const partyText = ({madeOf, dissent}: Voted) =>
	`${madeOf.length} of ${dissent.reduce((sum, {who}) => sum + who.length, madeOf.length)}`;

/**
How certain it is that what won a vote is what most would say.
*/
const certaintyText = ({madeOf, dissent}: Voted) =>
	`${percentText(
		settled(madeOf.length, Math.max(0, ...dissent.map(({who}) => who.length))),
	)} certain`;

/**
How much a verdict is to be relied on: `confidence 80%`, and of a vote, of which nobody states a confidence, `vote 2 of 3, 69% certain`.
*/
export function confidenceText(
	verdict: Voted & Pick<Verdict, 'method' | 'confidence'>,
): string {
	return verdict.method === 'vote'
		? `vote ${partyText(verdict)}, ${certaintyText(verdict)}`
		: `confidence ${shareText(verdict.confidence)}`;
}

/**
The same of a result.
*/
export function resultConfidenceText(result: RunResult): string {
	const verdict = returnedVerdict(result);
	return verdict
		? confidenceText(verdict)
		: `confidence ${shareText(result.confidence)}`;
}

/**
The verdict whose synthesis is the answer; null when the answer is a member's own or there is none.
*/
export function returnedVerdict({
	answer,
	confidence,
	iterations,
}: RunResult): VerdictResult | null {
	return answer === null
		? null
		: (iterations
				.flatMap(({verdicts}) => verdicts)
				.findLast(
					verdict =>
						verdict.synthesis === answer && verdict.confidence === confidence,
				) ?? null);
}

/**
Whose answer a ranking, a choice or a vote gives and, where several are the best, why that one.
*/
export function givenText(
	verdict: VerdictResult,
	{
		verdicts,
		speakerOf,
	}: {
		readonly verdicts: readonly VerdictResult[];
		readonly speakerOf: (callId: string) => string | null;
	},
	nameOf = asItIs,
): string {
	const {method, madeOf, callId, ranking} = verdict;

	if (method === 'vote') {
		return wordForWord(speakerOf(callId), nameOf);
	}

	if (method !== 'rank' && method !== 'pick') {
		return '';
	}

	const orders = madeOf.flatMap(
		id => verdicts.find(each => each.callId === id) ?? [],
	);
	const taken = orders.find(each => each.callId === callId) ?? verdict;
	const isTie = (ranking[0]?.length ?? 0) > 1;
	const isOther =
		orders.length > 1 &&
		String(orders[0]!.ranking[0]?.toSorted()) !==
			String(orders[1]!.ranking[0]?.toSorted());
	const because = isOther
		? orders.every(({confidence}) => confidence === taken.confidence)
			? ', of a tie: it was the best in the first order'
			: ', of a tie: it was judged with more confidence'
		: isTie
			? ', of a tie: the first that was named'
			: '';

	return `${wordForWord(taken.ranking[0]?.[0] ?? null, nameOf)}${because}`;
}

const wordForWord = (who: string | null, nameOf: NameOf) =>
	who === null ? '' : `given word for word: ${nameOf(who)}`;

/**
The same of how a run ended; null where the answer is nobody's own.
*/
export function givenAtEnd(result: RunResult): string | null {
	const verdict = returnedVerdict(result);
	const iteration = result.iterations.find(({verdicts}) =>
		verdicts.includes(verdict!),
	);

	return verdict && iteration
		? givenText(verdict, {
				verdicts: iteration.verdicts,
				speakerOf: callId =>
					iteration.instances.find(each => each.callId === callId)?.id ?? null,
			}) || null
		: null;
}

/**
The figures of a verdict below its title, a few words each.
*/
export function verdictFigures(verdict: Verdict): string[] {
	return verdict.method === 'vote'
		? [certaintyText(verdict), agreementText(verdict.agreement)]
		: verdictWishes(verdict);
}
