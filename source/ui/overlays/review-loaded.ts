import {type Loaded} from '../requests.js';
import {type OverlayStep} from './overlay.js';
import {
	accepted,
	openIn,
	placeOf,
	reopened,
	reviewOf,
	withDecision,
	type Review,
} from './review.js';

export function reviewLoaded(review: Review, loaded: Loaded): OverlayStep {
	if (loaded.kind === 'doubt') {
		return became(review, loaded);
	}

	const last = review.entries?.at(-1)?.id ?? null;

	if (loaded.kind !== 'doubts' || !review.isAwaiting || loaded.after !== last) {
		return {overlay: review};
	}

	const entries = [...(review.entries ?? []), ...loaded.entries];
	const next = {
		...review,
		entries,
		// After an empty page no more is to be expected.
		open: loaded.entries.length === 0 ? openIn(review).length : loaded.open,
		isAwaiting: false,
	};

	if (review.entries !== null) {
		return {overlay: next};
	}

	return review.reopened === null
		? granted(next)
		: {overlay: {...next, at: placeOf(next, review.reopened)}};
}

function became(
	review: Review,
	{id, became: what}: Extract<Loaded, {kind: 'doubt'}>,
): OverlayStep {
	const isDecided = review.decided.includes(id);

	if (what === 'decided') {
		return {
			overlay: isDecided
				? review
				: {
						...review,
						decided: [...review.decided, id],
						open: review.open - 1,
						said: null,
					},
		};
	}

	if (isDecided) {
		return {overlay: reopened(review, id)};
	}

	return openIn(review).some(each => each.id === id)
		? {overlay: review}
		: {
				overlay: {
					...reviewOf(),
					skipped: review.skipped,
					said: 'Taken back: it is open again.',
					reopened: id,
				},
				requests: [{type: 'load', what: {kind: 'doubts', after: null}}],
			};
}

/**
Do what the list was opened for.
*/
function granted(review: Review): OverlayStep {
	const {wish} = review;

	if (wish === null) {
		return {overlay: review};
	}

	const picked = openIn(review)[wish.answer - 1];

	if (!picked) {
		return {
			overlay: {...review, said: `There is no answer ${wish.answer} here.`},
		};
	}

	const at = {...review, at: wish.answer - 1};

	switch (wish.does) {
		case 'look': {
			return {overlay: at};
		}

		case 'none': {
			return withDecision(at, picked, null);
		}

		default: {
			return accepted(at, picked, wish.does);
		}
	}
}
