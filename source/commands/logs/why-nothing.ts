import {
	findResponses,
	type ResponseSearch,
} from '../../store/find-responses.js';
import {hasRunOf} from '../../store/found-runs.js';
import {hasDeleted} from '../../store/log-status.js';
import {type Log} from '../../store/log.js';
import {readResponses} from '../../store/responses.js';
import {isSelective} from './listing-request.js';
import {type LogsCall} from './logs-call.js';

/**
So many matches are counted.
*/
const most = 1000;

/**
What to say of a log without answers.
*/
export function emptyLogText(canComeBack: boolean): string {
	return canComeBack
		? 'Nothing is in the log. What was deleted can be brought back: consortium-tui logs undo'
		: 'Nothing is in the log yet.';
}

/**
Why a search that flags asked for found nothing, and what would find something.
*/
export function whyNothing(
	flags: LogsCall['flags'],
	log: Log,
	search: ResponseSearch,
): string {
	if (flags.extract || flags.xl) {
		return 'No answer there has a fenced block.';
	}

	if (!isSelective(flags) && flags.role === undefined) {
		return emptyLogText(hasDeleted(log));
	}

	if (flags.consortium !== undefined && !hasRunOf(log, flags.consortium)) {
		return `The log has no run of a consortium "${flags.consortium}".`;
	}

	const unstated = unstatedLines(log, search);
	const others =
		flags.role === undefined
			? (['member', 'arbiter'] as const).flatMap(role => {
					const {length} = findResponses(log, {
						...search,
						role,
						limit: most,
					}).rowids;
					const amount = length === most ? `${most} or more` : `${length}`;
					return length === 0
						? []
						: [
								length === 1
									? `1 answer of ${role === 'member' ? 'a member' : 'an arbiter'} matches: --role ${role}.`
									: `${amount} answers of ${role}s match: --role ${role}.`,
							];
				})
			: [];

	return [
		others.length === 0
			? 'Nothing in the log matches.'
			: 'No final answer matches.',
		...others,
		...unstated,
	].join(' ');
}

/**
Confidences of imported members and earlier arbiters stand in their texts alone.
*/
function unstatedLines(log: Log, search: ResponseSearch): string[] {
	if (search.confidence === undefined || search.state !== undefined) {
		return [];
	}

	const {rowids} = findResponses(log, {
		...search,
		confidence: undefined,
		state: 'imported',
		limit: most,
	});
	const unstated = readResponses(log, rowids, {wanted: ['confidence']});
	const count = unstated
		.filter(({confidence}) => confidence === null)
		.toArray().length;
	const amount = rowids.length === most ? `${count} or more` : `${count}`;
	return count === 0
		? []
		: [
				amount === '1'
					? '1 imported answer has no confidence in this list.'
					: `${amount} imported answers have no confidence in this list.`,
			];
}
