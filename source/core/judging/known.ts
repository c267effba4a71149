import {type SavedConsortium} from '../consortium.js';
import {type JudgingKind} from './judging.js';
import {pick, rank} from './order.js';
import {panel} from './panel.js';
import {peer} from './peer.js';
import {synthesis} from './synthesis.js';

/**
Every way to weigh answers, in the order they are listed.
*/
export const judgings: readonly JudgingKind[] = [
	synthesis,
	rank,
	pick,
	panel,
	peer,
];

/**
The way a consortium names.
*/
export function judgingOf({
	judging,
}: Pick<SavedConsortium, 'judging'>): JudgingKind {
	return judgings.find(({name}) => name === judging)!;
}
