import {answersOf} from '../answers.js';
import {instancesOf} from '../consortium.js';
import {booleanParameter, numberParameter} from '../parameters.js';
import {type IterationPicture} from '../run-state.js';
import {defineStrategy, type Mark} from '../strategy.js';
import {UserError} from '../user-error.js';

const share = 0.6;

/**
A week, in seconds.
*/
const longest = 604_800;

/**
The slow are not waited for.
*/
export const quorum = defineStrategy({
	name: 'quorum',
	meaning:
		'Once enough have answered, the slow are given a short time and then let go; who says nothing can be asked a second time.',
	parameters: {
		quorum: numberParameter(
			null,
			{from: 1, to: Infinity, isWhole: true},
			'How many answers are enough; without it 60% of those asked, and two at least.',
		),
		grace: numberParameter(
			5,
			{from: 0, to: longest},
			'How long the others are waited for then, in seconds.',
		),
		graceShare: numberParameter(
			0.5,
			{from: 0, to: 1000},
			'The same as a share of the time it took so far; the longer one counts.',
		),
		hedge: numberParameter(
			null,
			{above: 0, to: longest},
			'After so many seconds without a word an instance is asked a second time, and who speaks first stays; this costs more. Without it nobody is.',
		),
		oneOfEach: booleanParameter(
			false,
			'Nobody is let go before one of each provider has answered.',
		),
	},
	decides: ['patience'],
	check({quorum: wanted}, consortium) {
		const {length} = instancesOf(consortium);

		if (wanted !== null && wanted > length) {
			throw new UserError(
				`A quorum of ${wanted} is more than the ${length} instance${length === 1 ? '' : 's'} there are.`,
				`Set quorum.quorum to ${length} at most.`,
			);
		}
	},
	wrap:
		(inner, _context, {quorum: wanted, grace, graceShare, hedge, oneOfEach}) =>
		run => {
			const step = inner.next(run);
			const current = run.iterations.at(-1);
			const isGoingOn = current?.verdicts.length === 0;

			if (step.type !== 'ask') {
				return isGoingOn
					? {...step, marks: [...(step.marks ?? []), ...lateMarks(current)]}
					: step;
			}

			const {length} = step.ask;

			return {
				...step,
				until: {
					...step.until,
					quorum:
						(isGoingOn ? answeredIn(current) : 0) +
						Math.min(length, wanted ?? quorumOf(length)),
					graceMs: grace * 1000,
					graceShare,
					isOneOfEach: oneOfEach,
					...(hedge !== null && {hedgeMs: hedge * 1000}),
				},
			};
		},
});

/**
How many of these are enough when nobody says it: max(2, ⌈0.6·n⌉).
*/
export function quorumOf(count: number): number {
	return Math.max(2, Math.ceil(share * count - 1e-9));
}

const answeredIn = (iteration: IterationPicture) =>
	answersOf(iteration).filter(
		({state, isLeftOut}) => state === 'answered' && !isLeftOut,
	).length;

function lateMarks(iteration: IterationPicture): Mark[] {
	return answersOf(iteration)
		.filter(({outcome}) => outcome?.abort === 'strategy')
		.map(({start, text}) => ({
			instance: start.speaker,
			mark: 'late',
			text: `Let go, since enough had answered: ${text.trim() === '' ? 'it had said nothing yet' : 'what it had said until then is kept'}.`,
		}));
}
