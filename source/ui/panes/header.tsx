import {memo} from 'react';
import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import {type SavedConsortium} from '../../core/consortium.js';
import {columnsOf} from '../../text/columns.js';
import {
	clockText,
	costText,
	countText,
	endingText,
	endText,
	shareText,
} from '../../text/phrases.js';
import {type HeaderView} from '../run-views.js';
import {lineOf} from '../shown-names.js';
import {type Theme, type Tone} from '../theme.js';
import {Line} from './line.js';
import {figureText} from './number-parts.js';
import {fitted, joined, span, widthOf, type Span} from './spans.js';

type Props = {
	readonly view: HeaderView;

	/**
	Whom the next question goes to; null while that is not known.
	*/
	readonly next: SavedConsortium | null;

	/**
	What the other runs of the conversation cost; null where there are none.
	*/
	readonly others?: Cost | null;
	readonly width: number;
	readonly theme: Theme;
};

const busySign = 'simpleDots';
const busyWidth = 4;

/**
The run in one line: what was asked how, how far it is, and what it took. What does not fit is left out, the least telling first.
*/
export const Header = memo(({view, next, others, width, theme}: Props) => {
	const isBusy = view.phase === 'members' || view.phase === 'arbiter';
	const signWidth = isBusy ? busyWidth : 1;
	const {left, right} = headerSpans(view, next, width - signWidth, others);

	return (
		<Box width={width} height={1}>
			<Box width={signWidth} flexShrink={0}>
				{isBusy && (
					<Text {...theme.accent}>
						<Spinner type={busySign} />
					</Text>
				)}
			</Box>
			<Box flexGrow={1} flexShrink={0}>
				<Line spans={left} theme={theme} />
			</Box>
			<Line spans={right} theme={theme} />
		</Box>
	);
});

const statusTones = {
	converged: 'good',
	unconverged: 'warn',
	degraded: 'warn',
	unanswered: 'bad',
	limited: 'warn',
	cancelled: 'warn',
} as const satisfies Record<NonNullable<HeaderView['status']>, Tone>;

/**
The name, the state and what may not be missed come first; then figures, then how the run is meant to end.
*/
export function headerSpans(
	view: HeaderView,
	next: SavedConsortium | null,
	width: number,
	others: Cost | null = null,
): {readonly left: readonly Span[]; readonly right: readonly Span[]} {
	const {phase, consortium, simulated, status, strategies, judging} = view;

	if (phase === 'idle') {
		const left = next
			? [span(lineOf(next.name), 'heading'), span(howOf(next), 'dim')]
			: [];
		return {left: fitted(left, width), right: []};
	}

	const follower = next && phase === 'ended' ? lineOf(next.name) : consortium;
	const name = fitted(
		[
			span(consortium, 'heading'),
			...(simulated ? [span(' simulated', 'warn')] : []),
			...(status === null
				? []
				: [span(` ${endingText(status)}`, statusTones[status])]),
			...(follower === consortium ? [] : [span(` → ${follower}`, 'accent')]),
		],
		width,
	);
	const past = howOf(view);
	const coming = next && phase === 'ended' ? howOf(next) : past;
	const how =
		coming === past || follower !== consortium
			? coming
			: `  next: ${coming.trimStart()}`;
	const room = Math.max(0, width - widthOf(name) - 2);
	const parts = figureParts(view, others);
	const isUsual =
		judging === 'synthesis' &&
		strategies.every(({name: each}) => each === 'default');
	const waysOut = [how, ...(isUsual ? [] : [mannerOf(view)])];
	// Tokens go before the strategy does.
	const fitting = [parts, ...(isUsual ? [] : [parts.slice(0, 3)])]
		.flatMap(each => waysOut.map(way => ({way, figures: each.join(' · ')})))
		.find(({way, figures}) => columnsOf(way) + columnsOf(figures) <= room);
	const figures = fitting?.figures ?? joined(parts, room, ' · ');

	return {
		left: fitting ? [...name, span(fitting.way, 'dim')] : name,
		right: [span(figures, 'dim')],
	};
}

type Manner = Pick<SavedConsortium, 'strategies' | 'judging'>;

function howOf({
	until,
	stop,
	confidenceThreshold,
	...manner
}: Manner &
	Pick<SavedConsortium, 'until' | 'stop' | 'confidenceThreshold'>): string {
	return `${mannerOf(manner)} · ${lineOf(endText({until, stop, confidenceThreshold}))}`;
}

function mannerOf({strategies, judging}: Manner): string {
	const names = strategies.map(({name}) => lineOf(name)).join(' + ');
	return `  ${names}${judging === 'synthesis' ? '' : ` · ${judging}`}`;
}

export type Cost = Pick<HeaderView, 'costUsd' | 'costIsComplete'>;

/**
Two costs together. What nobody knows is missing from the sum, which says so.
*/
export function costSum(left: Cost, right: Cost): Cost {
	const {costUsd} = right;

	return {
		costUsd: costUsd === null ? left.costUsd : (left.costUsd ?? 0) + costUsd,
		costIsComplete: left.costIsComplete && right.costIsComplete,
	};
}

const shortCost = ({costUsd, costIsComplete}: Cost) =>
	`${costUsd !== null && !costIsComplete ? '≥ ' : ''}${costText(costUsd)}`;

function figureParts(
	{
		iteration,
		maxIterations,
		elapsedMs,
		inputTokens,
		cached,
		outputTokens,
		...cost
	}: HeaderView,
	others: Cost | null,
): string[] {
	const share = cached === null ? '' : ` (${shareText(cached)} cached)`;
	const tokens = [
		inputTokens === null ? null : `${countText(inputTokens)} in${share}`,
		outputTokens && `${figureText(outputTokens)} out`,
	].filter(part => part !== null);
	const sum = others && costSum(cost, others);
	const whole =
		typeof sum?.costUsd === 'number' ? ` of ${shortCost(sum)} in all` : '';

	return [
		iteration === 0 ? null : `iteration ${iteration}/${maxIterations}`,
		elapsedMs === null ? null : clockText(elapsedMs),
		`${shortCost(cost)}${whole}`,
		tokens.length === 0 ? 'tokens unknown' : tokens.join(' '),
	].filter(part => part !== null);
}
