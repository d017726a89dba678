// The one theme: colours, sizes, spacing, motion.
//
// A size is a number of millimetres on the glass. On a screen that is larger than the 217 x 136 mm of a ten-inch
// terminal the millimetre grows with the window, because a large screen is read from further away; it never grows
// or stays so large that fewer than 150 x 88 of them fit, so that every page fits the smallest terminal.
pragma Singleton
import QtQuick

QtObject {
    id: theme

    // Set by Main.
    property real windowWidth: 1280
    property real windowHeight: 800
    property real screenDensity: 0
    property bool largeType: false

    readonly property bool portrait: windowHeight > windowWidth
    readonly property real longSide: Math.max(windowWidth, windowHeight)
    readonly property real shortSide: Math.min(windowWidth, windowHeight)
    // Some screens report no size, or that of a watch or a wall; 96 dots an inch is then the best guess.
    readonly property real density: screenDensity >= 2 && screenDensity <= 20 ? screenDensity : 96 / 25.4
    readonly property real grown: Math.max(density, Math.min(longSide / 217, shortSide / 136))
    readonly property real unit: Math.min(grown, longSide / 150, shortSide / (portrait ? 100 : 88))
    // A seven-inch landscape screen: everything that is not the task gives way.
    readonly property bool compact: !portrait && longSide / unit < 190

    function mm(millimetres: real): real {
        return Math.round(millimetres * unit);
    }

    // Spacing
    readonly property real margin: mm(compact ? 1.8 : 5)
    readonly property real gap: Math.ceil(3 * unit)          // between two touch targets
    readonly property real smallGap: mm(compact ? 1.2 : 2)
    readonly property real touch: Math.ceil(15 * unit)       // the smallest touch target
    readonly property real radius: mm(2)
    readonly property real optionPadding: mm(compact ? 1.5 : 2.6)
    readonly property real optionCheck: mm(compact ? 4.4 : 6)
    readonly property real optionInset: compact ? 2 * optionPadding : 3 * optionPadding + optionCheck
    readonly property real line: Math.max(1, mm(0.35))
    readonly property real thickLine: Math.max(2, mm(0.8))

    // Text: heights in millimetres of a Han character, or of a capital letter where there is none.
    // Large type is for the page; the panel has the size of a sign already, and does not jump.
    readonly property real scale: largeType ? 1.25 : 1
    readonly property real panelHeight: 4
    readonly property real panelStrongHeight: compact ? 4.2 : 4.8
    readonly property real numberHeight: compact ? 7 : 12
    readonly property real bodyHeight: 4 * scale
    readonly property real buttonHeight: compact ? 4 : bodyHeight // what a small screen has no room to enlarge
    readonly property real strongHeight: (compact ? 4.2 : 4.6) * scale
    readonly property real messageHeight: (compact ? 4.4 : 5.6) * scale
    readonly property real titleHeight: (compact ? 4.5 : 6) * (largeType ? 1.15 : 1)
    readonly property real lineHeight: 1.28
    readonly property real bodyMinimum: 4 // real millimetres, whatever the screen

    readonly property TextMetrics hanRuler: TextMetrics {
        font.pixelSize: 200
        text: "\u56fd" // a character that fills its square
    }
    readonly property TextMetrics capitalRuler: TextMetrics {
        font.pixelSize: 200
        text: "H"
    }
    readonly property real hanRatio: hanRuler.tightBoundingRect.height / 200
    readonly property real capitalRatio: capitalRuler.tightBoundingRect.height / 200

    function hasHan(text: string): bool {
        return /[\u3400-\u9fff\uf900-\ufaff]/.test(text);
    }

    // The font size at which this text stands so many millimetres high.
    function pixelSize(height: real, text: string): int {
        return Math.ceil(height * unit / (hasHan(text) ? hanRatio : capitalRatio));
    }

    // The same font size for both scripts, as a page of mixed text has it: capitals are then lower than Han characters.
    // The millimetres of a large screen are larger than real ones; no capital is less than four real ones high.
    function evenSize(height: real, text: string): int {
        return Math.max(Math.ceil(height * unit / hanRatio), Math.ceil(bodyMinimum * density / (hasHan(text) ? hanRatio : capitalRatio)));
    }

    // Colours: text that must be read has 7:1 or better on its ground, outlines and symbols 4.5:1.
    readonly property color ground: "#f3f6fb"
    readonly property color card: "#ffffff"
    readonly property color ink: "#0e1f38"
    readonly property color softInk: "#384860"
    readonly property color outline: "#586a86"
    readonly property color hairline: "#d5deeb"
    readonly property color accent: "#0a479f"
    readonly property color accentPressed: "#073371"
    readonly property color accentTint: "#e2ecfc"
    readonly property color accentText: "#ffffff"
    readonly property color panel: "#0d2d57"
    readonly property color panelRaised: "#1a427a"
    readonly property color panelText: "#ffffff"
    readonly property color softPanelText: "#cfe0f8"
    readonly property color gold: "#ffd777"
    readonly property color noticeGround: "#fff3d6"
    readonly property color noticeInk: "#4b3200"
    readonly property color choiceText: "#ffffff"
    readonly property var choiceColours: ({
            very_satisfied: "#00574a",
            satisfied: "#2b6019",
            basically_satisfied: "#6a4700",
            dissatisfied: "#8c3503",
            very_dissatisfied: "#8f1020"
        })

    // Motion: nothing moves but a slow change of page in a long list.
    readonly property int calm: 600            // milliseconds of a cross-fade
    readonly property int readingTime: 15000   // milliseconds a page of a list stays
}
