import {thresholdOf} from '../../core/typed-values.js';
import {UserError} from '../../core/user-error.js';
import {
	findListedConversation,
	findListedRun,
	latestConversation,
} from '../../store/find-listed.js';
import {type ResponseSearch} from '../../store/find-responses.js';
import {type Log} from '../../store/log.js';
import {type ConfidenceRange} from '../../store/response-filter.js';
import {askedStates, responseRoles} from '../../store/responses.js';
import {flagName} from '../common-flags.js';
import {choiceOf, dayOf, limitOf} from '../flag-values.js';
import {type LogsCall} from './logs-call.js';

const forms = ['full', 'short', 'json', 'response', 'extract', 'xl'] as const;
export type ListingForm = 'table' | (typeof forms)[number];

type Flags = LogsCall['flags'];

/**
The form in which responses are wanted.

@throws UserError for two of them at once.
*/
export function formOf(flags: Flags): ListingForm {
	const [first, second] = forms.filter(form => flags[form]);

	if (first !== undefined && second !== undefined) {
		throw exclusive(first, second);
	}

	if (flags.truncate && (flags.response || flags.extract || flags.xl)) {
		throw exclusive('truncate', first!);
	}

	return first ?? (flags.truncate ? 'full' : 'table');
}

/**
What flags ask for, as a search; which run and conversation they mean is read from the log.

@throws UserError for a value that is none, for flags that contradict each other, and from the search, which is also made where there is no log.
*/
export function requestOf(flags: Flags): (log: Log) => ResponseSearch {
	const {cid, run, query, count, current, latest} = flags;

	if (current && cid !== undefined) {
		throw exclusive('current', 'cid');
	}

	if (latest && query === undefined) {
		throw new UserError('--latest means nothing without --query.');
	}

	const isCurrent = current || (flags.response && !isSelective(flags));
	const isAll = isCurrent || cid !== undefined || run !== undefined;
	const limit = flags.response ? 1 : limitOf(count ?? (isAll ? '0' : '20'));
	const role = choiceOf(flags.role ?? 'final', '--role', [
		...responseRoles,
		'all',
	]);
	const search: ResponseSearch = {
		limit,
		role: role === 'all' ? null : role,
		model: flags.model,
		words: query,
		isLatest: latest,
		consortium: flags.consortium,
		confidence:
			flags.confidence === undefined ? undefined : rangeOf(flags.confidence),
		state:
			flags.state === undefined
				? undefined
				: choiceOf(flags.state, '--state', askedStates),
		since: dayOf(flags.since, '--since', 0),
		until: dayOf(flags.until, '--until', 1),
		idAfter: flags.idGt,
		idFrom: flags.idGte,
	};

	return log => ({
		...search,
		...(run !== undefined && {runId: findListedRun(log, run)}),
		...(cid !== undefined && {
			conversationId: findListedConversation(log, cid),
		}),
		...(isCurrent && {conversationId: currentOf(log)}),
	});
}

const selective = [
	'model',
	'query',
	'cid',
	'run',
	'consortium',
	'confidence',
	'state',
	'since',
	'until',
	'idGt',
	'idGte',
] as const;

/**
Whether flags leave out some responses, other than by their role.
*/
export function isSelective(flags: Flags): boolean {
	return flags.current || selective.some(name => flags[name] !== undefined);
}

function exclusive(first: keyof Flags, second: keyof Flags): UserError {
	return new UserError(
		`${flagName(first)} and ${flagName(second)} contradict each other.`,
		'Give one of them.',
	);
}

function currentOf(log: Log): string {
	const id = latestConversation(log);

	if (id === null) {
		throw new UserError('The log has no conversation yet.');
	}

	return id;
}

/**
`<0.7`, `>=70%`, `0.5..0.7`, `=0.8` or `0.8`.
*/
function rangeOf(text: string): ConfidenceRange {
	const share = (number: string) => thresholdOf(number.trim(), '--confidence');
	const between = text.indexOf('..');

	if (between > 0) {
		const from = share(text.slice(0, between));
		const to = share(text.slice(between + 2));

		if (from > to) {
			throw new UserError(
				`--confidence takes a range from less to more, not "${text}".`,
			);
		}

		return {from, to, isFromExcluded: false, isToExcluded: false};
	}

	const [, sign = '', number] = /^([<>]?=?)(.*)$/s.exec(text.trim())!;
	const limit = share(number!);
	return {
		from: sign.startsWith('<') ? -Infinity : limit,
		to: sign.startsWith('>') ? Infinity : limit,
		isFromExcluded: sign === '>',
		isToExcluded: sign === '<',
	};
}
