"""Cases whose answer is known, true and false ones: what decides must get every one of them right."""
