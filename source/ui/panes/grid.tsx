import {Box} from 'ink';
import {gap, pageOf, planStrip, type GridPlan} from '../grid-plan.js';
import {type PaneHead, type PaneView} from '../run-views.js';
import {type Theme} from '../theme.js';
import {Line} from './line.js';
import {PaneRow} from './pane-row.js';
import {Pane} from './pane.js';
import {fitted, span} from './spans.js';
import {Strip} from './strip.js';

type Props = {
	readonly views: readonly PaneView[];
	readonly heads: readonly PaneHead[];
	readonly plan: GridPlan;
	readonly width: number;
	readonly rows: number;
	readonly picked: number;
	readonly isFocused: boolean;
	readonly theme: Theme;
};

/**
The instances of a run as the plan has them, exactly `rows` high.
*/
export function Grid(props: Props) {
	const {views, plan, width, rows, picked, isFocused, theme} = props;
	const {from, to} = pageOf(plan, {instances: views.length, picked});
	const shown = views.slice(from, to);
	const lines = Array.from({length: plan.down}, (_, row) => ({
		first: from + row * plan.across,
		height: plan.paneRows + (row < plan.taller ? 1 : 0),
		cells: shown.slice(row * plan.across, (row + 1) * plan.across),
	}));

	return (
		<Box flexDirection="column" width={width} height={rows}>
			{lines.map(({first, height, cells}) => (
				<Box key={first} columnGap={gap} height={height} flexShrink={0}>
					{cells.map((view, index) => {
						const common = {
							view,
							width: plan.paneWidth,
							isFocused: isFocused && first + index === picked,
							theme,
						};
						return plan.density === 'rows' ? (
							<Box key={view.head.id} width={plan.paneWidth}>
								<PaneRow {...common} />
							</Box>
						) : (
							<Pane key={view.head.id} {...common} height={height} />
						);
					})}
				</Box>
			))}
			{plan.hasFooter && <Others {...props} from={from} to={to} />}
		</Box>
	);
}

/**
Those that are not shown: in a line of their own, or counted.
*/
function Others({
	heads,
	plan,
	width,
	picked,
	isFocused,
	theme,
	from,
	to,
}: Props & {readonly from: number; readonly to: number}) {
	const {length} = heads;

	return plan.density === 'focus' ? (
		<Strip
			heads={heads}
			plan={planStrip(width, length, 1)}
			picked={picked}
			isFocused={isFocused}
			theme={theme}
		/>
	) : (
		<Line
			spans={fitted(
				[
					span(
						` ${length - (to - from)} more · ${from + 1}–${to} of ${length}`,
						'dim',
					),
				],
				width,
			)}
			theme={theme}
		/>
	);
}
