import {heardIn} from '../answers.js';
import {briefOf} from '../brief.js';
import {type Note} from '../strategy.js';
import {noVerdict, sayings, type JudgingKind} from './judging.js';
import {meanRanks} from './ranks.js';

/**
Whoever answered puts the answers of the others in order, without knowing whose they are; the arbiter is told how they fared.
*/
export const peer: JudgingKind = {
	name: 'peer',
	meaning:
		'Everyone who answered ranks the answers of the others, not knowing whose they are; the arbiter writes its synthesis knowing how they fared.',
	next(run, context) {
		const current = run.iterations.at(-1)!;
		const last = current.verdicts.at(-1);

		if (last?.method === 'synthesis') {
			return {verdict: last};
		}

		const answered = heardIn(run).map(({start}) => start.speaker);
		const open = answered.filter(
			id => answered.length > 2 && sayings(current, id, 'review') === 0,
		);

		if (open.length > 0) {
			return {
				judge: open.map(instance => ({
					arbiter: instance,
					method: 'review',
					brief: briefOf(run, {
						...context,
						about: {key: instance, without: instance},
					}),
				})),
				reason: `${open.length} review the answers of the others.`,
			};
		}

		const arbiter = run.start!.arbiters[0]!.id;

		if (sayings(current, arbiter, 'synthesis') > 0) {
			return {failed: noVerdict(current.iteration)};
		}

		const reviews = current.verdicts.filter(({method}) => method === 'review');
		const notes = [
			...(run.notes ?? []),
			reviewNote(reviews.map(({ranking}) => ranking)),
		];

		return {
			judge: [
				{
					arbiter,
					method: 'synthesis',
					brief: briefOf({...run, notes}, context),
				},
			],
			reason: null,
		};
	},
};

function reviewNote(
	rankings: ReadonlyArray<ReadonlyArray<readonly string[]>>,
): Note {
	return labelOf => {
		const ranks = [...meanRanks(rankings)]
			.flatMap(([instance, rank]) => {
				const label = labelOf(instance);
				return label === null ? [] : [{label, rank}];
			})
			.toSorted((left, right) => left.rank - right.rank);

		return ranks.length === 0
			? null
			: `Those who answered reviewed each other, nobody its own answer. Mean place of each: ${ranks.map(({label, rank}) => `${label} ${rank.toFixed(1)}`).join(', ')} (1 is best). Take it as opinions, not as proof.`;
	};
}
