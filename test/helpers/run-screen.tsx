import {useSyncExternalStore} from 'react';
import {Box} from 'ink';
import {type Layout} from '../../source/ui/layout.js';
import {ArbiterPane} from '../../source/ui/panes/arbiter-pane.js';
import {Grid} from '../../source/ui/panes/grid.js';
import {Header} from '../../source/ui/panes/header.js';
import {QuestionLine} from '../../source/ui/panes/question-line.js';
import {Strip} from '../../source/ui/panes/strip.js';
import {type Source} from '../../source/ui/published.js';
import {type RunStore} from '../../source/ui/run-store.js';
import {type Theme} from '../../source/ui/theme.js';

type Props = {
	readonly store: RunStore;
	readonly layout: Layout;
	readonly picked: number;
	readonly theme: Theme;
};

/**
All that shows a run, laid out as on the screen, without what stands below it.
*/
export function RunScreen({store, layout, picked, theme}: Props) {
	const header = useSource(store.header);
	const views = useSource(store.panes);
	const heads = useSource(store.heads);
	const arbiter = useSource(store.arbiter);
	const {bands, columns, grid, strip} = layout;
	const isFocused = layout.stage === 'live';

	return (
		<Box flexDirection="column" width={columns} height={bands.composer.top}>
			<Header view={header} next={null} width={columns} theme={theme} />
			{bands.question.rows > 0 && (
				<QuestionLine prompt={header.prompt} width={columns} theme={theme} />
			)}
			<Box height={bands.transcript.rows} flexShrink={0} />
			{strip && (
				<Strip
					heads={heads}
					plan={strip}
					picked={picked}
					isFocused={isFocused}
					theme={theme}
				/>
			)}
			{grid && (
				<Grid
					views={views}
					heads={heads}
					plan={grid}
					width={columns}
					rows={bands.grid.rows}
					picked={picked}
					isFocused={isFocused}
					theme={theme}
				/>
			)}
			<ArbiterPane
				view={arbiter}
				width={columns}
				rows={bands.arbiter.rows}
				isFocused={false}
				theme={theme}
			/>
		</Box>
	);
}

function useSource<Value>({subscribe, snapshot}: Source<Value>): Value {
	return useSyncExternalStore(subscribe, snapshot);
}
