import {Box, Text, useApp, useWindowSize} from 'ink';
import {useEffect, useSyncExternalStore} from 'react';
import {type App} from './app.js';
import {type AppState} from './app-state.js';
import {ComposerBox} from './composer/composer-view.js';
import {SlashMenu} from './composer/slash-menu.js';
import {OverlayView} from './overlays/overlay-view.js';
import {ArbiterPane} from './panes/arbiter-pane.js';
import {Footer, Queue, Rule} from './panes/bottom.js';
import {Grid} from './panes/grid.js';
import {Header} from './panes/header.js';
import {Strip} from './panes/strip.js';
import {Transcript} from './panes/transcript.js';
import {Welcome} from './panes/welcome.js';
import {ZoomPane} from './panes/zoom-pane.js';
import {
	leastColumns,
	leastRows,
	screenOf,
	shapeOf,
	type Screen,
} from './screen.js';
import {themeOf, type Surface, type Theme} from './theme.js';
import {useKeys} from './use-keys.js';

type Props = {
	readonly app: App;
	readonly look: Surface;

	/**
	Told how to lend the terminal, once there is a way.
	*/
	readonly onReady: (
		suspend: (work: () => Promise<void>) => Promise<void>,
	) => void;
};

/**
The whole screen: who gets which rows, and nothing else.
*/
export function Root({app, look, onReady}: Props) {
	const {store, runs} = app;
	const {suspendTerminal} = useApp();
	const {columns, rows} = useWindowSize();
	const state = useSyncExternalStore(store.subscribe, store.state);
	// A text: the same shape is the same value.
	const shape = useSyncExternalStore(runs.arbiter.subscribe, () =>
		JSON.stringify(shapeOf(runs)),
	);
	useKeys(store.press);

	useEffect(() => {
		onReady(suspendTerminal);
	}, [onReady, suspendTerminal]);

	useEffect(() => {
		store.dispatch({type: 'resized', columns, rows});
	}, [store, columns, rows]);

	const screen = screenOf(
		{...state, columns, rows},
		JSON.parse(shape) as ReturnType<typeof shapeOf>,
	);
	const theme = themeOf(state.settings.theme, look);
	const {text} = screen.layout;
	const {pane, zoom} = state;

	useEffect(() => {
		runs.setViewport({
			panes: text.panes,
			arbiter: text.arbiter,
			zoom: zoom && {
				...text.zoom,
				target: zoom.what === 'arbiter' ? 'arbiter' : pane,
			},
		});
	});

	return (
		<Box flexDirection="column" width={columns} height={rows}>
			{screen.isTooSmall ? (
				<Text wrap="truncate">
					{`The window is ${columns}×${rows}; consortium-tui needs ${leastColumns}×${leastRows}.`}
				</Text>
			) : (
				<Body app={app} state={state} screen={screen} theme={theme} />
			)}
		</Box>
	);
}
