// The page after the press, with a telephone number to leave for whoever wants to be called (R7, R11).
import QtQuick
import ".."

DetailsPage {
    required property var content

    contact: !content.offers_contact ? "" : view.texts[content.contact_left ? "kiosk.contact_left" : "kiosk.contact"]
    contactLeft: content.contact_left
}
