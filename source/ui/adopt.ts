import {type Instance} from '../core/consortium.js';
import {
	isSerious,
	prefixBreaks,
	type PrefixBreak,
} from '../core/prefix-breaks.js';
import {costText, countText} from '../text/phrases.js';
import {confirmOf} from './overlays/confirm.js';
import {type Request} from './requests.js';
import {tell} from './runner.js';
import {type Choice} from './services.js';
import {type Surroundings} from './surroundings.js';

/**
Use a consortium from the next question on, after a question where that breaks off much of what its instances were sent so far. `notice` is what to say then.
*/
export async function adopt(
	choice: Choice,
	notice: string,
	surroundings: Surroundings,
): Promise<void> {
	const {store, runner} = surroundings;
	const instances = runner.instancesOf(choice.consortium);
	const request = {type: 'use', choice, notice} as const;

	if (await isAsked(instances, request, surroundings)) {
		return;
	}

	store.dispatch({type: 'chose', choice});
	tell(store, notice);
}

/**
Ask before a request is done that lets these instances answer from now on; false when nothing much breaks.
*/
export async function isAsked(
	instances: readonly Instance[],
	request: Request,
	{services, store, runner}: Surroundings,
): Promise<boolean> {
	if (store.state().turns.length === 0) {
		return false;
	}

	const breaks = prefixBreaks(runner.pictures(), instances, Date.now()).filter(
		each => isSerious(each),
	);

	if (breaks.length === 0) {
		return false;
	}

	const lines = await Promise.all(
		breaks.map(async each =>
			lineOf(
				each,
				each.kind === 'uncached' && each.isWarm
					? await services.rereadUsd(each.model, each.tokens!).catch(() => null)
					: null,
			),
		),
	);
	store.dispatch({
		type: 'asked',
		overlay: confirmOf(
			['This breaks off what was sent so far:', ...lines, 'Do it?'].join('\n'),
			request,
		),
	});
	return true;
}

function lineOf(
	{instance, kind, tokens, isWarm}: PrefixBreak,
	usd: number | null,
): string {
	const much = `${countText(tokens!)} tokens`;
	const warmth =
		isWarm === null
			? 'which its provider may still have cached'
			: isWarm
				? 'which its provider still has cached'
				: 'no longer cached';
	const price = usd === null ? '' : `, about ${costText(usd)} more`;

	return kind === 'anew'
		? `${instance} starts anew from the questions and final answers: it loses its own part of ${much}, ${warmth}.`
		: `${instance} goes on, but all of its ${much}, ${warmth}, is read again at the full price${price}.`;
}
